"""Master data of an administration, as the core needs it."""

from dataclasses import dataclass, field

JOURNAL = "journal"
VAT_CODE = "vat_code"
LEDGER_ACCOUNT = "ledger_account"
PAYMENT_TERM = "payment_term"
COST_CENTRE = "cost_centre"
PERIOD = "period"
MASTER_DATA_KINDS = (JOURNAL, VAT_CODE, LEDGER_ACCOUNT, PAYMENT_TERM, COST_CENTRE, PERIOD)


@dataclass(frozen=True, slots=True, kw_only=True)
class MasterItem:
    """One journal, VAT code, ledger account … of an administration.

    ``code`` is unique per kind. ``details`` holds only JSON values, with these neutral keys where
    the package knows them (a key that is missing means: not known):

    * journal: ``type`` (sale, purchase, bank, misc), ``currency``, ``last_number`` (of the newest
      book year, where numbers must be consecutive)
    * vat_code: ``scope`` (sale, purchase), ``refund`` (true, false; missing: serves both),
      ``rate`` (percentage as text), ``family`` and ``purchase_class`` (see vat_families.py)
    * ledger_account: ``vat_box`` (81, 82, 83), ``recoverable_share`` (percentage as text),
      ``cost_centre_required`` (true, false)
    * payment_term: ``days``, ``end_of_month``
    * period: ``date_from``, ``date_to`` (ISO), ``closed``, ``book_year``, and ``closed_journals``
      (list of journal codes for which alone it is closed)
    """

    kind: str
    code: str
    name: str
    details: dict = field(default_factory=dict)
    active: bool = True
