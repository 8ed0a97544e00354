"""A sentence for people as data: its English words, the addon that translates them, its values.

It is stored as such and becomes text for whoever reads it, in that person's language, time zone and
way to write numbers. As JSON, one of

====================================================  ==============================================
``"…"``                                               a text as it is: nobody translates it
``{"module": …, "source": …, "values": {name: …}}``   a sentence; ``source`` has ``%(name)s``
``{"parts": […], "between": " "}``                    several of them, one after the other
``{"quoted": "…"}``                                   what only the package says, in its language
``{"day": "2026-11-30"}``, ``{"month": "2026-11"}``   in the reader's words
``{"moment": "2026-11-30T09:30:00"}``                 UTC; read as the time where the reader is
``{"amount": "121.00", "currency": "EUR"}``
``{"number": "21.5"}``                                with decimals
``{"label": [model, field, value]}``                  of a selection
``{"names": {language: …}}``                          of a record, where they are not all the same
``{"list": […]}``                                     "a, b and c"
====================================================  ==============================================

Values are whole numbers or any of these.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

MONTHS = (
    "January February March April May June July August September October November December"
).split()


class Sentence(str):
    """A text that knows the data it was made of (``data``), in the language of whoever made or read
    it: in English until ``models/sentence.py`` reads it for somebody. Wherever it is stored, the
    data is; what is made of it with ``+`` or an f-string is a plain text again (see ``joined``).
    """

    __slots__ = ("data",)

    def __new__(cls, data, reader=None):
        """:param reader: a Reader; English without one"""
        self = super().__new__(cls, read(data, reader or Reader()))
        self.data = data
        return self

    def __reduce__(self):
        return Sentence, (self.data,)


class SentencesOf:
    """What makes the sentences of a module: ``_lt = SentencesOf(__name__)``, then
    ``_lt("Account %(account)s is not mapped.", account=code)``. Nothing is looked up for it. The
    name ``_lt`` is what brings its terms into the template of the translations."""

    def __init__(self, name):
        """:param name: ``__name__`` of a module of an addon"""
        self.module = name.split(".")[2] if name.startswith("odoo.addons.") else name

    def __call__(self, source, /, **values):
        data = {"module": self.module, "source": source}
        if values:
            data["values"] = {name: data_of(value) for name, value in values.items()}
        return Sentence(data)


@dataclass(frozen=True, slots=True)
class Month:
    """A period as people name it: *November 2026*."""

    year: int
    month: int


@dataclass(frozen=True, slots=True)
class Amount:
    """``value``: Decimal or float, ``currency``: its code."""

    value: Decimal
    currency: str

    def __str__(self):
        return f"{self.value} {self.currency}"


@dataclass(frozen=True, slots=True)
class Names:
    """What a record is called: code of a language → name."""

    by_language: dict[str, str]


@dataclass(frozen=True, slots=True)
class Label:
    """The label of a selection: of a value of a field of a model."""

    model: str
    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Quoted:
    """What only the package says: read in its language, in quotation marks."""

    text: str


def data_of(value):
    """A value as JSON."""
    if isinstance(value, Sentence):
        return value.data
    if isinstance(value, dict):
        return value  # it is data already
    if isinstance(value, str):
        return str(value)
    if value is None or isinstance(value, bool):
        return "" if value is None else str(value)
    if isinstance(value, int):
        return value
    if isinstance(value, Decimal | float):
        return {"number": str(value)}
    if isinstance(value, datetime):
        return {"moment": value.isoformat(timespec="seconds")}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, Month):
        return {"month": f"{value.year:04d}-{value.month:02d}"}
    if isinstance(value, Amount):
        return {"amount": str(value.value), "currency": value.currency}
    if isinstance(value, Names):
        return {"names": value.by_language}
    if isinstance(value, Label):
        return {"label": [value.model, value.field, value.value]}
    if isinstance(value, Quoted):
        return {"quoted": value.text}
    if isinstance(value, list | tuple):
        return {"list": [data_of(one) for one in value]}
    if hasattr(value, "_source"):  # LazyGettext of Odoo
        return _data_of_lazy(value)
    return str(value)


def _data_of_lazy(lazy):
    data = {"module": lazy._module, "source": lazy._source}
    if isinstance(lazy._args, dict) and lazy._args:
        data["values"] = {name: data_of(value) for name, value in lazy._args.items()}
    return data


def filled(text, values):
    """A text with those of these values that it names.

    :param text: of ``LazyTranslate``, without values of its own; a plain text is not translated
    """
    data = data_of(text)
    data = {"source": data} if isinstance(data, str) else dict(data)
    named = set(re.findall(r"%\((\w+)\)", data["source"]))
    # with values, so that %% in the source is one sign
    data["values"] = {name: data_of(one) for name, one in values.items() if name in named}
    return Sentence(data)


def as_sentence(text):
    """A text, a lazy text of Odoo or a sentence, as a sentence."""
    return text if isinstance(text, Sentence) else Sentence(data_of(text))


def joined(*texts, between=" "):
    """Those of them that are not empty, one after the other."""
    parts = [data_of(text) for text in texts if text]
    return Sentence(parts[0] if len(parts) == 1 else {"parts": parts, "between": between})


class Values(dict):
    """Values of a sentence; one that is not known reads as a dash."""

    def __missing__(self, key):
        return "–"


class Reader:
    """How data becomes text; this one reads English, with dates as ISO writes them."""

    def translated(self, module, source):
        return source

    def day(self, day):
        return day.isoformat()

    def month(self, first):
        """:param first: the first day of the month"""
        return f"{MONTHS[first.month - 1]} {first.year}"

    def moment(self, moment):
        """:param moment: naive UTC"""
        return f"{moment:%H:%M} UTC"

    def amount(self, value, currency):
        return f"{value} {currency}"

    def number(self, text):
        """:param text: digits with a point before the decimals"""
        return text

    def quoted(self, text):
        return f"“{text}”"

    def name(self, names):
        return names.get("en_US") or next(iter(names.values()), "")

    def label(self, model, field, value):
        return value

    def listed(self, texts):
        return ", ".join(texts)


def read(data, reader):
    """The text of stored data. What is not understood reads as well as it can: a person always
    sees something, whoever wrote it."""
    if isinstance(data, str):
        return data
    if not isinstance(data, dict):
        return "" if data is None else str(data)
    try:
        return _read(data, reader)
    except (TypeError, ValueError, KeyError, AttributeError):
        return str(data.get("source") or next(iter(data.values()), ""))


def _read(data, reader):
    if "source" in data:
        return _read_sentence(data, reader)
    if "parts" in data:
        return data.get("between", " ").join(read(one, reader) for one in data["parts"])
    if "quoted" in data:
        return reader.quoted(data["quoted"])
    if "day" in data:
        return reader.day(date.fromisoformat(data["day"]))
    if "month" in data:
        return reader.month(date.fromisoformat(f"{data['month']}-01"))
    if "moment" in data:
        return reader.moment(datetime.fromisoformat(data["moment"]))
    if "amount" in data:
        return reader.amount(data["amount"], data.get("currency") or "")
    if "number" in data:
        return reader.number(data["number"])
    if "names" in data:
        return reader.name(data["names"])
    if "label" in data:
        return reader.label(*data["label"])
    if "list" in data:
        return reader.listed([read(one, reader) for one in data["list"]])
    return data["text"]


def _read_sentence(data, reader):
    source = data["source"]
    translated = reader.translated(data.get("module") or "", source)
    if "values" not in data:
        return translated
    values = Values(
        {
            name: value if isinstance(value, int) else read(value, reader)
            for name, value in data["values"].items()
        }
    )
    try:
        return translated % values
    except (TypeError, ValueError):
        return source % values  # a translation with other placeholders
