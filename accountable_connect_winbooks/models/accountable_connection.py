from odoo import fields, models
from odoo.addons.accountable_connect.api.contract import Administration
from odoo.addons.accountable_connect.api.errors import DataRefusedError
from odoo.addons.accountable_connect.documents import JOURNAL, LEDGER_ACCOUNT, PERIOD, VAT_CODE

from .. import concerns, entering, sentences
from ..api import options
from ..api.master_items import folder_of, part_of, period_of, periods_of
from ..api.options import Options
from ..api.package import WinBooksPackage

DEFAULTS = Options()
# What the writer is told, as the fields of a connection call it.
OPTIONS = tuple(Options.__dataclass_fields__)
PREFIX = "winbooks_"
SENTENCES = {**entering.SENTENCES, **sentences.SENTENCES}
CONCERNS = {**entering.CONCERNS, **concerns.CONCERNS}


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    winbooks_folder = fields.Char(
        string="Folder in WinBooks",
        help="Its short name, by which the office opens it.",
    )
    winbooks_language = fields.Selection(
        [("F", "French"), ("N", "Dutch")],
        string="Language of the folder",
        help="Short VAT codes of users differ between the two; what is written is the internal"
        " code.",
    )
    # What WinBooks' documentation leaves open
    winbooks_customer_account = fields.Char(
        default=DEFAULTS.customer_account,
        string="Account of customers",
        help="Default: 400000. Empty: WinBooks takes the one of each customer.",
    )
    winbooks_supplier_account = fields.Char(
        default=DEFAULTS.supplier_account,
        string="Account of suppliers",
        help="Default: 440000. Empty: WinBooks takes the one of each supplier.",
    )
    winbooks_owed_vat_account = fields.Char(
        default=DEFAULTS.owed_vat_account,
        string="Account of VAT to pay",
        help="Default: 451000. Empty: WinBooks takes the one of the VAT code.",
    )
    winbooks_deductible_vat_account = fields.Char(
        default=DEFAULTS.deductible_vat_account,
        string="Account of deductible VAT",
        help="Default: 411000. Empty: WinBooks takes the one of the VAT code.",
    )
    winbooks_operation_code = fields.Char(
        default=DEFAULTS.operation_code,
        string="Code on VAT lines",
        help="Default: FIXED, which keeps the VAT as it is on the document.",
    )
    winbooks_second_leg = fields.Boolean(
        default=DEFAULTS.second_leg,
        string="Both lines of reverse charge",
        help="Default: on. Switch it off when the office sees this VAT twice: its WinBooks adds the"
        " second line itself.",
    )
    winbooks_partly_deductible = fields.Selection(
        [
            (options.DEDUCTIBLE_PART, "The deductible part; the rest is with the costs"),
            (options.WHOLE_VAT, "All of the VAT; WinBooks splits it by its VAT code"),
        ],
        default=DEFAULTS.partly_deductible,
        required=True,
        string="Partly deductible VAT",
        help="What the VAT line holds. Default: the deductible part.",
    )
    winbooks_credit_note_base = fields.Selection(
        [(options.POSITIVE, "Positive"), (options.NEGATIVE, "Negative")],
        default=DEFAULTS.credit_note_base,
        required=True,
        string="VAT base of credit notes",
        help="Default: positive, as on invoices. The other one when the boxes of credit notes have"
        " the wrong sign in the VAT return.",
    )
    winbooks_book_year_and_period = fields.Boolean(
        default=DEFAULTS.book_year_and_period,
        string="Book year and period in the file",
        help="Default: on; they are written where the rank of the book year is known. Off: each"
        " batch is one period, which the office chooses while importing.",
    )

    def _fields_of_people(self):
        own = {"folder", "language", *OPTIONS}
        return super()._fields_of_people() | {PREFIX + name for name in own}

    def _get_capabilities(self):
        if self.package != "winbooks":
            return super()._get_capabilities()
        return WinBooksPackage.capabilities

    def _open_package(self):
        self.ensure_one()
        if self.package != "winbooks":
            return super()._open_package()
        return WinBooksPackage(self._winbooks_options(), self._winbooks_folder())

    def _winbooks_options(self):
        """The settings as the writer takes them; an emptied field is empty in the file."""
        # an empty text is False in Odoo, as is a switch that is off
        defaults = ((name, getattr(DEFAULTS, name)) for name in OPTIONS)
        return Options(
            **{name: self[PREFIX + name] or type(default)() for name, default in defaults}
        )

    def _winbooks_folder(self):
        """What is known of the books over there; read once for each run."""
        kinds = (JOURNAL, VAT_CODE, LEDGER_ACCOUNT, PERIOD)
        thirds = self.env["accountable.winbooks.third"]._shown_numbers(self)
        return folder_of(self._master_items(kinds), thirds["1"], thirds["2"])

    def _winbooks_periods(self):
        # whoever looks at a document may not read the master data
        return periods_of(self.sudo()._master_items([PERIOD]))

    def _winbooks_family(self):
        """This connection and those it follows: what they told WinBooks is there."""
        return self | self._others_with_administration()

    def _batch_part(self, delivery):
        if self.package != "winbooks":
            return super()._batch_part(delivery)
        period = self._winbooks_period(delivery)
        return part_of(period, self.winbooks_book_year_and_period)

    def _winbooks_period(self, delivery):
        """The one a document is booked in. Raises DataRefusedError where it is not known."""
        period = period_of(self._winbooks_periods(), delivery.accounting_date)
        if not period:
            raise DataRefusedError(
                "No book year",
                code="no_book_year",
                values={"document": delivery.number, "date": delivery.accounting_date},
            )
        return period

    def _get_sentences(self):
        return SENTENCES if self.package == "winbooks" else super()._get_sentences()

    def _get_concerns(self):
        return CONCERNS if self.package == "winbooks" else super()._get_concerns()

    def _own_administration(self):
        if self.package != "winbooks":
            return super()._own_administration()
        company = self.company_id.sudo()  # its number, whoever connects
        return Administration(
            key=f"winbooks/{company.id}",
            name=self.winbooks_folder or company.name,
            vat_number=company.vat or "",
        )
