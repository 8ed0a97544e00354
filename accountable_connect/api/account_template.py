"""The accounts of one of Odoo's charts as its template names them: in every language of the
template, whether or not that language is installed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import fuzz, process

from .account_names import AccountNames
from .vat_families import normalise

_ALIKE = 75
# Charts whose numbers stand in a law or a regulation, by the country in the template's name.
_BELGIUM, _LUXEMBOURG = "BE", "LU"
# Groups of the Belgian minimum chart that every enterprise divides as it likes: services, turnover,
# sundry operating and financial costs and income.
_FREE_GROUPS = frozenset(
    str(group)
    for first, last in ((610, 616), (643, 648), (657, 658), (700, 707), (743, 749), (756, 759))
    for group in range(first, last + 1)
)
# As many digits as it fixes at most, and where fewer.
_DIGITS_OF_LAW, _FEWER_DIGITS, _CLASSES_OF_FEWER = 4, 3, ("64", "74")


@dataclass(frozen=True, slots=True)
class TemplateAccount:
    """``xml_id`` without module and company (``a604000``), ``code`` as the template has it, its
    ``names`` in all languages."""

    xml_id: str
    code: str
    names: tuple[str, ...]


class AccountTemplate:
    """Finds the accounts of one template (``be_comp``); nobody changes it any more."""

    def __init__(self, name: str, accounts: Iterable[TemplateAccount]):
        self.name = name
        self.accounts = tuple(accounts)

    @classmethod
    def of_rows(cls, name: str, rows: Mapping[str, Mapping[str, str]]):
        """The template from the rows of its CSV files, by xml id: ``{"code": …, "name": …,
        "name@nl": …}``."""
        return cls(
            name,
            (
                TemplateAccount(xml_id, row["code"], _names(row))
                for xml_id, row in rows.items()
                if row.get("code")
            ),
        )

    def find(self, xml_id: str, code: str) -> TemplateAccount | None:
        """The account with an xml id; where that is none of the template's, the one with a number
        as a company has it (with zeros at its end)."""
        return self._by_xml_id.get(xml_id) or self._by_stem.get(code.rstrip("0"))

    @property
    def country(self) -> str:
        """Where it is used: ``"BE"``."""
        return self.name[:2].upper()

    @cached_property
    def names(self) -> AccountNames:
        """All names of all accounts; which account a name belongs to tells ``owners``."""
        return AccountNames([name for one in self.accounts for name in one.names])

    @cached_property
    def owners(self) -> list[TemplateAccount]:
        """The account of each name in ``names``."""
        return [one for one in self.accounts for _name in one.names]

    @cached_property
    def _by_xml_id(self):
        return {one.xml_id: one for one in self.accounts}

    @cached_property
    def _by_stem(self):
        return {one.code.rstrip("0"): one for one in self.accounts}


def source_names(own: Iterable[str], account: TemplateAccount | None) -> dict:
    """``name``, ``names``, ``xml_id`` and ``renamed`` of a ``Source``.

    :param own: the names the account has in the database, that of whoever looks first
    :param account: what it is in its template, None for an account a user made
    """
    own = [name for name in own if name]
    if not account:
        return {"name": own[0] if own else ""}
    known = {normalise(name) for name in account.names}
    given = [name for name in own if normalise(name) not in known]
    return {
        "name": (given or own or [""])[0],
        "names": account.names,
        "xml_id": account.xml_id,
        "renamed": any(not _is_like(name, known) for name in given),
    }


def _is_like(name, others):
    """Whether it is one of the others with another spelling, as of another version of Odoo."""
    scorer = fuzz.token_set_ratio
    found = process.extractOne(normalise(name), list(others), scorer=scorer, score_cutoff=_ALIKE)
    return bool(found)


def number_is_law(country: str, code: str) -> bool:
    """Whether what an account with this number is for stands in the law of the country.

    In Belgium the minimum chart of accounts (royal decree of 21 October 2018) with its three and
    four digits, but for the groups it leaves open, in Luxembourg the plan comptable normalisé; in
    the Netherlands nothing.
    """
    if country == _BELGIUM:
        digits = _FEWER_DIGITS if code[:2] in _CLASSES_OF_FEWER else _DIGITS_OF_LAW
        return code[:3] not in _FREE_GROUPS and len(code.rstrip("0")) <= digits
    return country == _LUXEMBOURG


def _names(row):
    """Each name once, whatever its case."""
    names = {}
    for column, name in row.items():
        if name and (column == "name" or column.startswith("name@")):
            names.setdefault(normalise(name), name)
    return tuple(names.values())
