"""What an administration matched against documents."""

from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal

from .sentence import Amount

PAYMENT = "payment"  # a bank or cash line
SET_OFF = "set_off"  # another document of the same party: a credit note
WRITE_OFF = "write_off"  # a difference, a loss
TRANSFER = "transfer"  # moved to another account: doubtful debtors, factoring
OTHER = "other"
SETTLEMENT_KINDS = (PAYMENT, SET_OFF, WRITE_OFF, TRANSFER, OTHER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """One match of the administration.

    ``key`` is lasting and unique in the administration. ``document_key`` is the external key of the
    document it settles. ``counterpart_key`` is the external key of the other document for a
    set-off, else the key of the booking that settles. ``amount`` (document currency) and
    ``amount_company`` are positive and lower what is open.
    """

    key: str
    kind: str
    document_key: str
    counterpart_key: str = ""
    date: date
    amount: Decimal
    amount_company: Decimal
    currency: str
    text: str = ""


def amount_of(settlement: Settlement) -> Amount:
    """What it settles, for a sentence."""
    return Amount(settlement.amount, settlement.currency)


def settlement_to_values(settlement: Settlement) -> dict[str, str]:
    """JSON values; amounts and the date as text."""
    texts = {name: str(getattr(settlement, name)) for name in ("date", "amount", "amount_company")}
    return asdict(settlement) | texts


def settlement_from_values(values: dict[str, str]) -> Settlement:
    return Settlement(
        **{
            **values,
            "date": date.fromisoformat(values["date"]),
            "amount": Decimal(values["amount"]),
            "amount_company": Decimal(values["amount_company"]),
        }
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementChanges:
    """What changed since a cursor. ``removed`` holds keys of settlements that were undone.

    ``cursor`` is opaque and given back at the next reading; readings may overlap, so whoever
    stores settlements does it by key.
    ``all_keys`` is given by a reading of everything there is: the key of every settlement that may
    still stand, so that any other was undone, which nobody tells any more. None: not everything was
    read.
    ``complete``: False when some of what changed comes with a later reading only.
    """

    settlements: tuple[Settlement, ...] = ()
    removed: tuple[str, ...] = ()
    cursor: str = ""
    all_keys: frozenset[str] | None = None
    complete: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenItem:
    """What the administration says is still open on a document; amounts positive, as in Settlement.

    ``document_key`` names a document or an opening line; ``party_key`` its party.
    A negative amount is open in favour of the party (a credit note).
    """

    document_key: str
    party_key: str
    document_date: date
    due_date: date | None = None
    amount: Decimal
    amount_company: Decimal
    currency: str
    reference: str = ""
    text: str = ""
