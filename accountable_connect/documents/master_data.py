"""Master data of an administration, as the core needs it."""

from dataclasses import dataclass, field

JOURNAL = "journal"
VAT_CODE = "vat_code"
LEDGER_ACCOUNT = "ledger_account"
PAYMENT_TERM = "payment_term"
COST_CENTRE = "cost_centre"
COST_UNIT = "cost_unit"
PERIOD = "period"
MASTER_DATA_KINDS = (
    JOURNAL,
    VAT_CODE,
    LEDGER_ACCOUNT,
    PAYMENT_TERM,
    COST_CENTRE,
    COST_UNIT,
    PERIOD,
)
# The axes of ``Line.cost_centres`` in their order.
COST_AXES = (COST_CENTRE, COST_UNIT)


@dataclass(frozen=True, slots=True, kw_only=True)
class MasterItem:
    """One journal, VAT code, ledger account … of an administration.

    ``code`` is unique per kind. ``details`` holds only JSON values, with these neutral keys where
    the package knows them (a key that is missing means: not known):

    * journal: ``type`` (sale, purchase, bank, misc), ``refund`` (true: credit notes alone, false:
      none of them; missing: serves both), ``currency``, ``last_number`` (of the newest book year,
      where numbers must be consecutive)
    * vat_code: ``scope`` (sale, purchase), ``refund`` (true, false; missing: serves both),
      ``rate`` (percentage as text), ``family`` and ``purchase_class`` (see vat_families.py),
      ``inclusive`` (true: it takes amounts with VAT in them, so nothing can be booked with it),
      ``deductible`` (full, part, none), ``user_codes`` (list of the short codes people know it by)
    * ledger_account: ``vat_box`` (81, 82, 83), ``recoverable_share`` (percentage as text),
      ``nature`` (what its package says it is: see account_use.py),
      ``cost_centre_required`` and ``cost_unit_required`` (true, false), ``bookable`` (false: the
      package books it by itself, as receivables, payables and VAT, and no line may name it)
    * payment_term: ``days``, ``end_of_month``
    * period: ``date_from``, ``date_to`` (ISO), ``closed``, ``book_year``, ``closed_journals``
      (list of journal codes for which alone it is closed), ``rank`` (two digits, 01 for the first
      period of the book year) and ``year_rank`` (of the book year in the administration)
    """

    kind: str
    code: str
    name: str
    details: dict = field(default_factory=dict)
    active: bool = True

    @property
    def takes_lines(self) -> bool:
        """Whether a line of a document may name it."""
        return not self.details.get("inclusive") and self.details.get("bookable") is not False
