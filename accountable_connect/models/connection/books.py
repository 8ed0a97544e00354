"""Which administration belongs to the company: chosen by its number, and asked when it differs.

Whose books an administration holds is known from the numbers both sides tell. A person may still
connect another one (a branch, a number that is being corrected), and says so once for these two
numbers: the server asks it, whatever way the administration was chosen. A connection that is in use
goes on whatever its numbers say; the difference is shown on it.
"""

import logging

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...api.books import OTHER, SAME, UNKNOWN, bare_number, choose_books, shown_number, whose_books
from ...api.errors import AuthorisationLostError, PackageError
from ...documents import Party
from ...documents.sentence import SentencesOf
from ..sentence import written_for

_lt = SentencesOf(__name__)

_logger = logging.getLogger(__name__)


class AccountableBooks(models.AbstractModel):
    """Whose books the administration of a connection holds, and what people read about it."""

    _name = "accountable.books"
    _description = "Whose books an administration holds"

    def _company_party(self, connection):
        """The company as far as its numbers say who it is."""
        company = connection.company_id.sudo()  # a branch that is not the user's own
        country = company.country_id or company.account_fiscal_country_id
        return Party(
            external_number=0,
            name=company.name or "",
            vat_number=company.vat or "",
            registry_number=company.company_registry or "",
            country=country.code or "",
        )

    def _administration_of_company(self, connection, administrations):
        """The only one of these that holds the books of the company and is free, else none."""
        # also those of companies the user does not see
        others = self.env["accountable.connection"].sudo()
        taken = others.search(
            [("package", "=", connection.package), ("id", "!=", connection.id)]
        ).mapped("administration_key")
        parties = [administration._as_party() for administration in administrations]
        place = choose_books(self._company_party(connection), parties)
        chosen = administrations[place] if place is not None else administrations.browse()
        return chosen.filtered(lambda administration: administration.key not in taken)

    def _compared(self, connection):
        """What a confirmation is about: the administration and the numbers of both sides."""
        administration = connection.sudo()._find_administration()  # as in the comparison
        parties = (self._company_party(connection), administration._as_party())
        return " ".join((administration.key, *map(bare_number, parties)))

    def _read_again(self, connection, package):
        """Read the number of the administration again. When it became that of another company, the
        connection says so and goes on; without an answer what was read before holds."""
        # the engine and a manager's button write what the package says now
        connection = connection.sudo()
        known = connection._find_administration()
        if not known:
            return
        try:
            found = package.list_administrations()
        except AuthorisationLostError:
            raise
        except PackageError as error:
            _logger.info("Connection %s: administrations not read: %s", connection.id, error)
            return
        ours = [one for one in found if one.key == connection.administration_key]
        doubted = connection._books_are_doubted()
        known._keep(connection.sign_in_id, ours)
        connection.invalidate_recordset(["books", "administration_number", "books_remark"])
        if not doubted and connection._books_are_doubted() and connection._has_begun():
            company = connection.company_id.partner_id
            told = connection.with_context(lang=company.lang or self.env.lang)
            connection.message_post(body=told.books_remark)

    # What people read

    def _remark(self, connection):
        """Whose books these are where that is not plain, in words; False where it is."""
        _ = self.env._
        company = connection.company_id.sudo().name or ""  # maybe not the user's own
        administration = connection.administration_name
        here, there = connection.company_number, connection.administration_number
        if connection.books == OTHER:
            return _(
                "These are the books of %(administration)s (%(administration_number)s), your"
                " company is %(company)s (%(company_number)s).",
                administration=administration,
                administration_number=there,
                company=company,
                company_number=here,
            )
        if not connection.has_administrations:
            return False
        if not here and connection.company_id:
            return _(
                "%(company)s has no VAT number and no registry number: whose books these are "
                "cannot be compared. Check carefully, or fill in the number of the company.",
                company=company,
            )
        if connection.books == UNKNOWN:
            return _(
                "%(administration)s has no number to compare with that of %(company)s "
                "(%(company_number)s). Check carefully that these are its books.",
                administration=administration,
                company=company,
                company_number=here,
            )
        if connection.step == "administration" and not connection.administration_key:
            return _(
                "No administration was chosen automatically: there is not exactly one, free of "
                "other connections, with the number of %(company)s (%(company_number)s). Choose "
                "the one with its books.",
                company=company,
                company_number=here,
            )
        return False

    def _administration_line(self, connection):
        """The line of the summary: a kind (good, warning, missing) and a sentence."""
        if not connection.administration_key:
            return "missing", self.env._("No administration is chosen.")
        if connection._books_are_doubted():
            return "missing", self.env._(
                "%(remark)s Confirm that these are the right books, or choose another"
                " administration.",
                remark=connection.books_remark,
            )
        if connection.books_remark:
            return "warning", connection.books_remark
        if not connection.administration_number:
            return "good", self.env._(
                "Administration %(name)s.", name=connection.administration_name
            )
        return "good", self.env._(
            "Administration %(name)s, %(number)s.",
            name=connection.administration_name,
            number=connection.administration_number,
        )


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    administration_id = fields.Many2one(
        "accountable.administration",
        compute="_compute_administration_id",
        inverse="_inverse_administration_id",
        string="Administration in the package",
        domain="[('sign_in_id', '=', sign_in_id)]",
    )
    company_number = fields.Char(compute="_compute_books", string="Number of the company")
    administration_number = fields.Char(
        compute="_compute_books", string="Number in the administration"
    )
    books = fields.Selection(
        [(SAME, "Of this company"), (OTHER, "Of another company"), (UNKNOWN, "Not known")],
        compute="_compute_books",
        help="Whose books the administration holds, by the numbers of both sides.",
    )
    books_doubted = fields.Boolean(compute="_compute_books")
    books_remark = fields.Char(compute="_compute_books")
    confirmed_books = fields.Char(
        copy=False,
        readonly=True,
        help="The two numbers that somebody confirmed as belonging together.",
    )
    confirmed_books_by_id = fields.Many2one(
        "res.users", string="Books confirmed by", copy=False, readonly=True
    )

    # The choice

    @api.depends("sign_in_id", "administration_key")
    def _compute_administration_id(self):
        for connection in self:
            connection.administration_id = connection._find_administration()

    def _find_administration(self):
        """The one that is chosen, as it was last listed."""
        administrations = self.env["accountable.administration"]
        if not self.administration_key:
            return administrations
        return administrations.with_context(active_test=False).search(
            [("sign_in_id", "=", self.sign_in_id.id), ("key", "=", self.administration_key)],
            limit=1,
        )

    def _inverse_administration_id(self):
        for connection in self:
            chosen = connection.administration_id
            if chosen.key == (connection.administration_key or False):
                continue
            # whatever its state is now: what was sent is linked by keys of that administration
            if connection._has_begun():
                raise UserError(self.env._("A connection that is in use keeps its administration."))
            # one that is listed no more is not among what the package answers now
            if chosen.sign_in_id - connection.sign_in_id or (chosen and not chosen.active):
                raise UserError(
                    self.env._(
                        "The sign-in of %(connection)s does not reach %(administration)s.",
                        connection=connection.name,
                        administration=chosen.display_name,
                    )
                )
            connection.sudo()._take_administration(chosen)  # writes fields of the engine

    def _take_administration(self, chosen):
        """Another administration: what was read from the one before, and chosen with it, is gone,
        and the set-up goes on from here."""
        self.ensure_one()
        if self.administration_key:
            self.contact_match_ids.unlink()
            self.mapping_ids.unlink()
            self.with_context(active_test=False).master_data_ids.unlink()
        values = {
            "administration_key": chosen.key,
            "administration_name": chosen.name,
            "confirmed_books": False,
            "confirmed_books_by_id": False,
            "master_data_read_at": False,
            "party_cursor": False,
            "settlement_cursor": False,
            "problem": False,
        }
        if self.step != "checklist":
            values["step"] = "administration"
        self.write(values)

    def action_choose_administration(self):
        """Ask the package which administrations the sign-in reaches; the only one with the number
        of the company is chosen."""
        self.ensure_one()
        found = self._ask_package(lambda package: package.list_administrations())
        if found is None:
            return True
        # nobody writes the list by hand
        listed = self.env["accountable.administration"].sudo()
        administrations = listed._store(self.sign_in_id, found)
        if not self.administration_key:
            books = self.env["accountable.books"]
            self.administration_id = books._administration_of_company(self, administrations)
        connection = self.sudo()  # writes fields of the engine
        if connection.state == "not_connected":
            connection.state = "connecting"
        if not administrations:
            connection.problem = _lt("The sign-in reaches no administration.")
        self.invalidate_recordset()
        return True

    # Whose books

    @api.depends(
        "company_id.name",
        "company_id.vat",
        "company_id.company_registry",
        "company_id.country_id",
        "sign_in_id",
        "administration_key",
        "confirmed_books",
        "step",
    )
    @api.depends_context("lang")
    def _compute_books(self):
        books = self.env["accountable.books"]
        for connection in self:
            company = books._company_party(connection)
            # whoever reads the connection may know whose books these are
            administration = connection.sudo()._find_administration()
            party = administration._as_party() if administration else None
            connection.company_number = shown_number(company)
            connection.administration_number = shown_number(party) if party else False
            if party and connection.has_administrations:
                connection.books = whose_books(company, party)
            else:
                connection.books = False  # where none is chosen, it is the company's own
            connection.books_doubted = (
                connection.books == OTHER
                and connection.confirmed_books != books._compared(connection)
            )
            connection.books_remark = books._remark(connection)

    def _books_are_doubted(self):
        """Whether these are the books of another company, and nobody said that they are right."""
        self.ensure_one()
        self.invalidate_recordset(["books_doubted"])
        return self.books_doubted

    def action_confirm_administration(self):
        """A person says that these are the right books, though their number is another one."""
        self.ensure_one()
        self.check_access("write")
        if self.books != OTHER:
            return True
        # a manager's word, in fields nobody writes by hand
        self.sudo().write(
            {
                "confirmed_books": self.env["accountable.books"]._compared(self),
                "confirmed_books_by_id": self.env.uid,
                "problem": False,
            }
        )
        company = self.company_id.partner_id
        text = _lt(
            "%(user)s confirmed these books: %(remark)s",
            user=self.env.user.name,
            remark=self.with_context(lang=company.lang or self.env.lang).books_remark,
        )
        self.message_post(body=written_for(company, text))
        return True
