"""Builds the Belgian demo company in an Odoo database. Safe to run again: nothing is made twice.

Every record is named by an external id below ``accountable_demo_<package>``, so a second run finds
it and each package has a company of its own. The people are the same, below ``accountable_demo``.
"""

import logging

from odoo import Command

from tooling.demo import documents, e_invoices, papers, people
from tooling.demo.partners import PARTNERS

_logger = logging.getLogger(__name__)

# The company whose dossier the sandboxes keep.
COMPANY = {
    "name": "Vandersmissen Bureaustoelen BV",
    "street": "Nijverheidslaan 14",
    "zip": "9000",
    "city": "Gent",
    "vat": "BE0999999031",
    "phone": "+32 9 000 00 00",
}
COMPANY_IBAN = "BE57999900011035"
# Written after the company is made: Odoo would ask an outside service about its domain.
COMPANY_EMAIL = "boekhouding@vandersmissen.example"
CENTRES = ("Verkoop", "Atelier")
# Units of foreign currency for one euro, from the day on.
RATES = {
    "USD": {"2026-01-01": 1.0850, "2026-05-01": 1.1000},
    "GBP": {"2026-01-01": 0.8433},
    "JPY": {"2026-01-01": 162.35},
}


class DemoCompany:
    """The demo company of one database.

    ``env`` is a superuser environment; the work is done in the company it makes, the one whose
    documents go to ``package``. With ``papers`` each bill has its file, as it came by mail.
    """

    values = COMPANY
    iban = COMPANY_IBAN
    email = COMPANY_EMAIL
    past = (*documents.SALES, *documents.PURCHASES)
    later = documents.LATER
    partners = PARTNERS

    def __init__(self, env, package="octopus", papers=False):
        self.package = package
        self.papers = papers
        self.module = f"{people.MODULE}_{package}"
        self.env = env(
            context={
                **env.context,
                "lang": "en_US",
                "tracking_disable": True,
                "no_vat_validation": False,
                "mail_create_nosubscribe": True,
            }
        )
        self.company = self._record("company")
        if self.company:
            self._enter(self.company)

    @property
    def is_there(self) -> bool:
        """True when a former run finished."""
        return bool(self.company and self._record("complete"))

    def build(self) -> None:
        """Make the company with its past documents; commits nothing by itself.

        Importing an e-invoice commits outside tests, as Odoo's import does.
        """
        if self.is_there:
            return
        if not self.company:
            self._make_company()
        self._make_currencies()
        self._make_taxes()
        self._make_terms()
        self._make_centres()
        self._make_partners()
        people.make(self.env, self.company)
        self._import_e_invoices()
        self.post(self.past)
        self._name("complete", self.company)

    def post_later(self):
        """Post the documents of after the start of the connection; returns all of them."""
        return self.post(self.later)

    def moves(self):
        """Every posted document of the demo, oldest first."""
        return self.env["account.move"].search(
            [
                ("company_id", "=", self.company.id),
                ("state", "=", "posted"),
                ("move_type", "!=", "entry"),
            ],
            order="date, id",
        )

    def move(self, key):
        """The document with a key of ``documents.py`` or ``e_invoices.py``."""
        return self._record(f"document_{key}")

    def user(self, login):
        """One of ``people.PEOPLE``, by the login."""
        return self.env.ref(f"{people.MODULE}.user_{login}", raise_if_not_found=False)

    # Names of records

    def _record(self, name):
        record = self.env.ref(f"{self.module}.{name}", raise_if_not_found=False)
        return record and record.exists()

    def _name(self, name, record, module=None):
        self.env["ir.model.data"]._update_xmlids(
            [{"xml_id": f"{module or self.module}.{name}", "record": record, "noupdate": True}]
        )
        return record

    def _make(self, name, model, values):
        return self._record(name) or self._name(name, self.env[model].create(values))

    def _enter(self, company):
        self.company = company.with_env(
            self.env(context={**self.env.context, "allowed_company_ids": company.ids})
        )
        self.env = self.company.env

    # The company

    def _make_company(self):
        belgium = self.env.ref("base.be")
        values = dict(self.values)
        if self.env["res.company"].search_count([("name", "=", values["name"])]):
            values["name"] += f" ({self.package.title()})"  # names of companies are unique
        company = self.env["res.company"].create(
            {**values, "country_id": belgium.id, "currency_id": self.env.ref("base.EUR").id}
        )
        self.env["account.chart.template"].try_loading("be_comp", company, install_demo=False)
        company.email = self.email
        self.env.user.company_ids |= company
        self._enter(self._name("company", company))
        self.env["res.partner.bank"].create(
            {
                "acc_number": self.iban,
                "partner_id": company.partner_id.id,
                "company_id": company.id,
                "allow_out_payment": True,
            }
        )
        self.env["account.journal"].search(
            [("company_id", "=", company.id), ("type", "in", ("sale", "purchase"))]
        ).write({"refund_sequence": True})

    def _make_currencies(self):
        for code, rates in RATES.items():
            currency = (
                self.env["res.currency"]
                .with_context(active_test=False)
                .search([("name", "=", code)])
            )
            currency.active = True
            for day, rate in rates.items():
                self._make(
                    f"rate_{code}_{day}",
                    "res.currency.rate",
                    {
                        "currency_id": currency.id,
                        "company_id": self.company.id,
                        "name": day,
                        "rate": rate,
                    },
                )

    def account(self, code):
        """The ledger account with this code in the company's chart."""
        account = self.env["account.account"].search(
            [("code", "=", code), ("company_ids", "in", self.company.id)]
        )
        if len(account) != 1:
            raise ValueError(f"Account {code}: {len(account)} found in the chart")
        return account

    def tax(self, name):
        """The tax whose external id ends like this, or one made for the demo; made active."""
        tax = self._record(f"tax_{name}") or self.env.ref(
            f"account.{self.company.id}_attn_VAT-{name}"
        )
        if not tax.active:
            tax.active = True
        return tax

    def _make_taxes(self):
        for name, origin in (("21-incl", "OUT-21-L"), ("6-incl", "OUT-06-L")):
            if not self._record(f"tax_{name}"):
                tax = self.tax(origin).copy({"price_include_override": "tax_included"})
                tax.name = f"{self.tax(origin).name} incl."
                self._name(f"tax_{name}", tax)
        if not self._record("tax_recupel"):
            account = self.account("743000")
            legs = [
                Command.create({"repartition_type": "base", "document_type": kind})
                for kind in ("invoice", "refund")
            ]
            legs += [
                Command.create(
                    {"repartition_type": "tax", "document_type": kind, "account_id": account.id}
                )
                for kind in ("invoice", "refund")
            ]
            self._make(
                "tax_recupel",
                "account.tax",
                {
                    "name": "Recupel 10",
                    "amount_type": "fixed",
                    "amount": 10,
                    "sequence": 1,
                    "type_tax_use": "sale",
                    "include_base_amount": True,
                    "company_id": self.company.id,
                    "country_id": self.env.ref("base.be").id,
                    "repartition_line_ids": legs,
                },
            )

    def _make_terms(self):
        percent = {"value": "percent", "delay_type": "days_after"}
        self._make(
            "term_discount",
            "account.payment.term",
            {
                "name": "2 % within 8 days, net 30 days",
                "company_id": self.company.id,
                "early_discount": True,
                "discount_percentage": 2,
                "discount_days": 8,
                "early_pay_discount_computation": "mixed",
                "line_ids": [Command.create({**percent, "value_amount": 100, "nb_days": 30})],
            },
        )
        self._make(
            "term_instalments",
            "account.payment.term",
            {
                "name": "30 % now, 70 % after 30 days",
                "company_id": self.company.id,
                "line_ids": [
                    Command.create({**percent, "value_amount": 30, "nb_days": 0}),
                    Command.create({**percent, "value_amount": 70, "nb_days": 30}),
                ],
            },
        )
        self._make(
            "rounding",
            "account.cash.rounding",
            {
                "name": "5 cents",
                "rounding": 0.05,
                "strategy": "add_invoice_line",
                "rounding_method": "HALF-UP",
                "profit_account_id": self.account("757100").id,
                "loss_account_id": self.account("657100").id,
            },
        )

    def _make_centres(self):
        plan = self._make("plan", "account.analytic.plan", {"name": "Afdeling"})
        for name in CENTRES:
            self._make(
                f"centre_{name}",
                "account.analytic.account",
                {"name": name, "plan_id": plan.id, "company_id": self.company.id},
            )

    def _make_partners(self):
        languages = {code for code, _name in self.env["res.lang"].get_installed()}
        for partner in self.partners:
            values = {
                "name": partner.name,
                "street": partner.street,
                "zip": partner.postal_code,
                "city": partner.city,
                "vat": partner.vat or False,
                "email": partner.email or False,
                "is_company": partner.is_company,
                "company_id": self.company.id,
                "country_id": self.env.ref(f"base.{_country(partner.country)}").id,
                "customer_rank": int(not partner.supplier),
                "supplier_rank": int(partner.supplier),
            }
            if partner.language in languages:
                values["lang"] = partner.language
            if partner.iban:
                values["bank_ids"] = [Command.create({"acc_number": partner.iban})]
            made = self._make(f"partner_{partner.key}", "res.partner", values)
            # known suppliers of long: what nobody trusts does not go to the accountant
            made.bank_ids.filtered(lambda one: not one.allow_out_payment).allow_out_payment = True

    # Documents

    def post(self, chosen):
        """Make and post documents that are not there yet; returns all of them, posted.

        Credit notes come last: Odoo matches them with what they correct when that is posted.
        """
        moves = self.env["account.move"]
        for corrects in (False, True):
            wave = [document for document in chosen if bool(document.corrects) is corrects]
            wave_moves = self._drafts(wave)
            wave_moves.filtered(lambda move: move.state == "draft").action_post()
            moves |= wave_moves
        return moves

    def draft(self, document):
        """One document, not posted yet."""
        return self._drafts([document])

    def _drafts(self, wave):
        """The documents of a wave; those that are missing are made at once."""
        missing = [document for document in wave if not self.move(document.key)]
        made = self.env["account.move"].create([self._values(document) for document in missing])
        for document, move in zip(missing, made, strict=True):
            self._name(f"document_{document.key}", move)
            if self.papers and document.paper and document.type.startswith("in_"):
                self._add_paper(document, move)
            if document.vat is not None:
                self._set_vat(move, document.vat)
        return self.env["account.move"].union(*(self.move(document.key) for document in wave))

    def _values(self, document):
        journal = self.env["account.journal"].search(
            [
                ("company_id", "=", self.company.id),
                ("type", "=", "purchase" if document.type.startswith("in_") else "sale"),
            ],
            limit=1,
        )
        values = {
            "move_type": document.type,
            "journal_id": journal.id,
            "partner_id": self._record(f"partner_{document.partner}").id,
            "invoice_date": document.date,
            "date": document.accounting_date or document.date,
            "ref": document.reference or False,
            "currency_id": self.env["res.currency"].search([("name", "=", document.currency)]).id,
            "invoice_line_ids": [
                Command.create(self._line_values(line)) for line in document.lines
            ],
        }
        if document.term:
            values["invoice_payment_term_id"] = self._record(f"term_{document.term}").id
        else:
            values["invoice_payment_term_id"] = self.env.ref(
                "account.account_payment_term_30days"
            ).id
        if document.rounding:
            values["invoice_cash_rounding_id"] = self._record("rounding").id
        if document.corrects:
            values["reversed_entry_id"] = self.move(document.corrects).id
        return values

    def _line_values(self, line):
        values = {
            "name": line.text,
            "account_id": self.account(line.account).id,
            "price_unit": line.price,
            "quantity": line.quantity,
            "discount": line.discount,
            "tax_ids": [Command.set([self.tax(name).id for name in line.taxes])],
        }
        if line.deductible != 100:
            values["deductible_amount"] = line.deductible
        if line.centres:
            values["analytic_distribution"] = {
                str(self._record(f"centre_{name}").id): share for name, share in line.centres
            }
        return values

    def _add_paper(self, document, move):
        """The bill as its supplier sent it."""
        file = self.env["ir.attachment"].create(
            {
                "name": f"{document.reference}.pdf",
                "raw": papers.bill(document, move),
                "mimetype": "application/pdf",
                "res_model": "account.move",
                "res_id": move.id,
            }
        )
        move.message_main_attachment_id = file

    def _set_vat(self, move, vat):
        """Type the supplier's own VAT over the computed one, in the document's currency."""
        line = move.line_ids.filtered("tax_line_id")
        if len(line) != 1:
            raise ValueError(f"{move.ref}: one VAT line expected, {len(line)} found")
        move.write(
            {
                "line_ids": [
                    Command.update(
                        line.id,
                        {
                            "amount_currency": -move.direction_sign * -vat
                            if move.is_purchase_document()
                            else -vat,
                        },
                    )
                ]
            }
        )

    def e_invoices(self):
        """Those of its suppliers; where they go on as they are, none that Odoo reads otherwise."""
        return [one for one in e_invoices.E_INVOICES if one.exact or not self.papers]

    def _import_e_invoices(self):
        """Import e-invoices as Odoo does when they arrive, choose accounts and post them."""
        moves = self.env["account.move"]
        for invoice in self.e_invoices():
            name = f"document_{invoice.key}"
            move = self._record(name) or self._name(name, self._draft_of(invoice))
            if move.state == "draft":
                lines = move.invoice_line_ids.filtered(lambda one: one.display_type == "product")
                lines.account_id = self.account(invoice.account)
                # Odoo proposes the end of a past month; the demo does not depend on today.
                move.date = move.invoice_date
                moves |= move
        moves.action_post()

    def _draft_of(self, invoice):
        known = self.env["account.move"].search(
            [
                ("company_id", "=", self.company.id),
                ("ref", "=", invoice.key),
                ("move_type", "in", ("in_invoice", "in_refund")),
            ]
        )
        if known:
            return known
        journal = self.env["account.journal"].search(
            [("company_id", "=", self.company.id), ("type", "=", "purchase")], limit=1
        )
        attachment = self.env["ir.attachment"].create(
            {
                "name": f"{invoice.key}.xml",
                "raw": e_invoices.read(
                    invoice, {"name": self.company.name, "vat": self.company.vat}
                ),
                "mimetype": "application/xml",
            }
        )
        move = journal._create_document_from_attachment(attachment.ids)
        if len(move) != 1 or not move.invoice_line_ids:
            raise ValueError(f"{invoice.path} was not imported")
        return move


def _country(code):
    """Odoo's external id of a country is its code, the United Kingdom aside."""
    return {"GB": "uk"}.get(code, code.lower())
