"""Sentences that are stored as data, and read by each person in their own language."""

import re

from odoo import fields
from odoo.tools import SQL, LazyTranslate, format_amount, format_date, format_datetime, format_list
from odoo.tools.translate import code_translations
from psycopg2.extras import Json as PsycopgJson

from ..documents.sentence import Names, Reader, Sentence, data_of, read

_lt = LazyTranslate(__name__)
QUOTED = _lt("“%(text)s”")


def clock_time(env, moment):
    """A moment (naive UTC) as hours and minutes where the reader is; of another day with its
    date."""
    zone = env.context.get("tz") or env.user.tz or "UTC"
    own = env.user.with_context(tz=zone)
    here = fields.Datetime.context_timestamp(own, moment)
    today = fields.Datetime.context_timestamp(own, fields.Datetime.now())
    if here.date() == today.date():
        return format_datetime(env, moment, tz=zone, dt_format="HH:mm")
    return format_datetime(env, moment, tz=zone, dt_format="short")


class OdooReader(Reader):
    """Reads for an environment: its language and its time zone."""

    def __init__(self, env):
        self.env = env
        self.lang = env.lang or "en_US"

    def translated(self, module, source):
        if self.lang == "en_US" or not module:
            return source
        return code_translations.get_python_translations(module, self.lang).get(source, source)

    def day(self, day):
        return format_date(self.env, day)

    def month(self, first):
        return format_date(self.env, first, date_format="LLLL y")

    def moment(self, moment):
        return clock_time(self.env, moment)

    def amount(self, value, currency):
        found = self.env["res.currency"].with_context(active_test=False)
        found = found.search([("name", "=", currency)], limit=1)
        return format_amount(self.env, float(value), found) if found else f"{value} {currency}"

    def number(self, text):
        return text.replace(".", self.env["res.lang"]._get_data(code=self.lang).decimal_point)

    def quoted(self, text):
        return self.translated(QUOTED._module, QUOTED._source) % {"text": text}

    def name(self, names):
        return names.get(self.lang) or super().name(names)

    def label(self, model, field, value):
        field = self.env[model]._fields[field]
        return dict(field._description_selection(self.env)).get(value, value)

    def listed(self, texts):
        return format_list(self.env, texts)


def in_language(env, text):
    """A sentence, or data of one, as ``env`` reads it: still a Sentence. A plain text stays."""
    if isinstance(text, str) and not isinstance(text, Sentence):
        return text
    return Sentence(data_of(text) if not isinstance(text, dict) else text, OdooReader(env))


def written_for(partner, text):
    """A text that is written once, in the language and time zone of who reads it.

    :param partner: that of a user, or of a company for all who work there
    """
    context = {"lang": partner.lang or partner.env.lang, "tz": partner.tz or partner.env.tz}
    return str(in_language(partner.with_context(**context).env, text))


def name_of(record, read=lambda record: record.display_name):
    """What a record is called, for a sentence: in each language of the database, as whoever stores
    the sentence does not know who reads it.

    :param read: a function of the record, its name by default
    """
    languages = [code for code, _name in record.env["res.lang"].get_installed()]
    names = {code: read(record.with_context(lang=code)) for code in languages}
    return Names(names) if len(set(names.values())) > 1 else read(record)


def account_name(account, company):
    """What a ledger account is called in the books of a company, as ``name_of`` a record."""
    return name_of(account, lambda account: account._accountable_name(company))


class SentenceField(fields.Char):
    """A sentence: written as a Sentence, a lazy text of Odoo or a plain text, stored as data (see
    ``documents/sentence.py``), and read as a Sentence in the reader's language. What was read may
    be written again, and is still data.

    Searching compares what the reader reads, so it reads every row that has a sentence: few have.
    """

    _column_type = ("jsonb", "jsonb")
    is_text = False
    falsy_value = None

    def convert_to_cache(self, value, record, validate=True):
        if not value:
            return None
        if isinstance(value, dict):
            return value
        return data_of(value)

    def convert_to_column(self, value, record, values=None, validate=True):
        value = self.convert_to_cache(value, record)
        return None if value is None else PsycopgJson(value)

    def convert_to_column_insert(self, value, record, values=None, validate=True):
        return self.convert_to_column(value, record, values, validate)

    def get_column_update(self, record):
        return self.convert_to_column(record.env.transaction.field_data[self][record.id], record)

    def convert_to_record(self, value, record):
        return False if value is None else Sentence(value, OdooReader(record.env))

    def convert_to_read(self, value, record, use_display_name=True):
        return str(value) if value else False

    def convert_to_export(self, value, record):
        return str(value) if value else ""

    def _description_sortable(self, env):
        return False  # in whose language?

    def condition_to_sql(self, field_expr, operator, value, model, alias, query):
        column = model._field_to_sql(alias, field_expr, query)  # checks that it may be read
        negative = operator.startswith("not ")
        operator = operator.removeprefix("not ")
        if operator == "in" and not any(value):
            return SQL("%s IS NOT NULL" if negative else "%s IS NULL", column)
        rows = model.env.execute_query(
            SQL(
                "SELECT %(field)s, id FROM %(table)s WHERE %(field)s IS NOT NULL",
                field=model._field_to_sql(model._table, self.name),  # flushes it
                table=SQL.identifier(model._table),
            )
        )
        reader = OdooReader(model.env)
        fits = self._comparison(operator, value, model.env)
        found = tuple(id_ for data, id_ in rows if fits(read(data, reader))) or (0,)
        condition = SQL("%s IN %s", SQL.identifier(alias, "id"), found)
        if operator == "in" and not all(value):
            condition = SQL("(%s OR %s IS NULL)", condition, column)
        return SQL("NOT %s", condition) if negative else condition

    def _comparison(self, operator, value, env):
        """A function of a text: does it satisfy the condition?"""
        if operator == "in":
            texts = {str(one) for one in value if one}
            return lambda text: text in texts
        if operator not in ("like", "ilike", "=like", "=ilike"):
            raise NotImplementedError(f"{self}: {operator}")

        def plain(text):
            return env.registry.unaccent_python(text.lower()) if "ilike" in operator else text

        pattern = like_pattern(plain(str(value)), whole="=" in operator)
        return lambda text: bool(pattern.fullmatch(plain(text)))


def like_pattern(value, whole):
    """A pattern of LIKE as a regular expression for a whole text. Each piece between two % is taken
    where it stands first and is never sought again: with many of them a search would not end.

    :param whole: whether nothing may stand before and after it
    """
    pieces = [""]
    for one in re.findall(r"\\.|.", value, flags=re.DOTALL):
        if one == "%":
            pieces.append("")
        else:
            pieces[-1] += "." if one == "_" else re.escape(one.removeprefix("\\") or one)
    first, *between = pieces if whole else ["", *pieces, ""]
    if between:
        *between, last = between
        first += "".join(f"(?>.*?{piece})" for piece in between) + f".*{last}"
    return re.compile(first, flags=re.DOTALL)


def read_groups(model, values):
    """What ``_read_group`` gives for these stored values of a SentenceField it grouped by: plain
    texts, as XML-RPC takes no other."""
    reader = OdooReader(model.env)
    return [read(value, reader) if value is not None else False for value in values]
