"""The worked documents of Belgian bookkeeping, made and posted in any Odoo database.

``data/worked_documents.json`` holds for each document what is typed in, the entry and the boxes of
the VAT return that Odoo 19's Belgian chart gives, and for most of them the neutral lines an
accountant expects. Other tests and the demo use it through ``WorkedBooks``.
"""

import json
from decimal import Decimal
from pathlib import Path

from odoo import Command

DATA = Path(__file__).parent / "data" / "worked_documents.json"
DATE = "2026-03-10"
MOVE_TYPES = {
    "sale": "out_invoice",
    "sale_refund": "out_refund",
    "purchase": "in_invoice",
    "purchase_refund": "in_refund",
}
OSS_TAX = "OSS-FR-20"
OWNER_TAX = "V82-21-S 60"
VAT_GROUPS = ("411", "451")


def load():
    """``(documents, control totals)`` of the table; documents in order, as dictionaries."""
    content = json.loads(DATA.read_text(encoding="utf-8"))
    return content["documents"], content["control"]


def neutral_lines(document):
    """The expected lines, ``(account, tax, base, VAT invoiced, owed, deductible)``, sorted."""
    lines = []
    for line in document["neutral"]:
        invoiced = Decimal(line.get("vat_invoiced", 0))
        owed = Decimal(line.get("vat_owed", 0))
        whole = invoiced + owed if document["kind"].startswith("purchase") else Decimal(0)
        deductible = Decimal(line["vat_deductible"]) if "vat_deductible" in line else whole
        lines.append(
            (line["account"], line["tax"], Decimal(line["base"]), invoiced, owed, deductible)
        )
    return sorted(lines, key=str)


def tax_external_id(name, kind):
    """The external id, without module and company, of a tax as the table calls it."""
    if name.startswith("TVA"):
        return f"attn_{name}"
    if kind.startswith("sale"):
        return f"attn_VAT-OUT-{name}"
    return f"attn_VAT-IN-{name}"


def posted_entry(move):
    """``{account code: balance}`` of an entry, items of 0.00 left out."""
    entry = {}
    for item in move.line_ids:
        if item.display_type not in ("line_section", "line_subsection", "line_note"):
            code = item.account_id.code
            entry[code] = entry.get(code, Decimal(0)) + Decimal(f"{item.balance:.2f}")
    return {code: balance for code, balance in entry.items() if balance}


def rebuilt_entry(document, third, deductible="411", owed="451"):
    """The entry a neutral document stands for, company currency, VAT on two groups of accounts.

    Sales: base against its account, VAT invoiced against ``owed``. Purchases: base and the VAT that
    cannot be deducted on the line's account, ``deductible`` and ``owed`` for the rest.
    """
    entry = {}

    def add(account, amount):
        entry[account] = entry.get(account, Decimal(0)) + amount

    sign = 1 if document.kind in ("purchase", "sale_refund") else -1
    for line in document.lines:
        if document.is_sale:
            add(line.ledger_account, sign * line.base_company)
            add(owed, sign * line.vat_invoiced_company)
            continue
        whole = line.vat_invoiced_company + line.vat_owed_company
        cost = whole - line.vat_deductible_company
        add(line.ledger_account, sign * (line.base_company + cost))
        add(deductible, sign * line.vat_deductible_company)
        add(owed, -sign * line.vat_owed_company)
    add(third, -sign * document.total_company)
    return {account: amount for account, amount in entry.items() if amount}


def by_vat_group(entry, groups=VAT_GROUPS):
    """An entry with the VAT accounts added up by their first digits."""
    grouped = {}
    for account, amount in entry.items():
        key = next((group for group in groups if account.startswith(group)), account)
        grouped[key] = grouped.get(key, Decimal(0)) + amount
    return {account: amount for account, amount in grouped.items() if amount}


class WorkedBooks:
    """A Belgian company with what the worked documents need.

    ``customer`` and ``supplier``: the partners of all documents.
    """

    def __init__(self, company, customer, supplier):
        self.env = company.with_company(company).env
        self.company = company.with_env(self.env)
        self.customer = customer.with_env(self.env)
        self.supplier = supplier.with_env(self.env)
        self.moves = {}
        self._taxes = {}
        self._accounts = {}
        self._make_rates()
        self._make_payment_terms()
        self._make_roundings()
        self._make_taxes()

    def post_all(self, documents):
        """Make and post documents of the table, as many as possible at once; ``{id: entry}``.

        One that reverses another comes after it; the company ends with global rounding.
        """
        batches = {}
        for document in documents:
            alone = document["id"] if {"reverses", "typed_tax"} & set(document) else ""
            batches.setdefault((alone, document.get("rounding", "")), []).append(document)
        for (alone, rounding), batch in batches.items():
            if alone:
                self.post(batch[0])
                continue
            self.company.tax_calculation_rounding_method = rounding or "round_globally"
            moves = self.env["account.move"].create([self._values(row) for row in batch])
            moves.action_post()
            self.moves.update(zip((row["id"] for row in batch), moves, strict=True))
        self.company.tax_calculation_rounding_method = "round_globally"
        return self.moves

    def post(self, document):
        """Make and post one document of the table; returns the entry."""
        self.company.tax_calculation_rounding_method = document.get("rounding", "round_globally")
        if "reverses" in document:
            move = self.moves[document["reverses"]]._reverse_moves(
                [{"invoice_date": document["date"], "date": document["date"]}]
            )
        else:
            move = self.env["account.move"].create(self._values(document))
        if "typed_tax" in document:
            tax_item = move.line_ids.filtered(lambda item: item.display_type == "tax")
            typed = {"amount_currency": float(document["typed_tax"])}
            move.write({"line_ids": [Command.update(tax_item.id, typed)]})
        move.action_post()
        self.moves[document["id"]] = move
        return move

    def account(self, code):
        if code not in self._accounts:
            accounts = self.env["account.account"]
            domain = [("company_ids", "in", self.company.id), ("code", "=", code)]
            self._accounts[code] = accounts.search(domain) or accounts.create(
                {
                    "code": code,
                    "name": f"Account {code}",
                    "account_type": "liability_current" if code[0] == "4" else "income",
                    "company_ids": [Command.link(self.company.id)],
                }
            )
        return self._accounts[code]

    def tax(self, name, kind):
        """A tax as the table names it; those that are switched off are switched on."""
        if name not in self._taxes:
            tax = self.env["account.chart.template"].ref(tax_external_id(name, kind))
            tax.active = True
            self._taxes[name] = tax
        return self._taxes[name]

    def _values(self, document):
        kind = document["kind"]
        is_sale = kind.startswith("sale")
        move_type = MOVE_TYPES[kind]
        if document.get("receipt"):
            move_type = "out_receipt" if is_sale else "in_receipt"
        values = {
            "move_type": move_type,
            "partner_id": (self.customer if is_sale else self.supplier).id,
            "invoice_date": document.get("date", DATE),
            "date": document.get("date", DATE),
            "ref": False if is_sale else f"SUP-{document['id']}",
            "invoice_payment_term_id": False,
            "fiscal_position_id": False,
            "currency_id": self.env["res.currency"]
            .with_context(active_test=False)
            .search([("name", "=", document.get("currency", "EUR"))])
            .id,
            "invoice_line_ids": [
                Command.create(self._line_values(document, line, number))
                for number, line in enumerate(self._repeated(document["lines"]), start=1)
            ],
        }
        if "payment_term" in document:
            values["invoice_payment_term_id"] = self._terms[document["payment_term"]].id
        if "cash_rounding" in document:
            values["invoice_cash_rounding_id"] = self._roundings[document["cash_rounding"]].id
        if "journal" in document:
            values["journal_id"] = self._self_billing_journal().id
        return values

    def _repeated(self, lines):
        return [line for line in lines for _time in range(line.get("times", 1))]

    def _line_values(self, document, line, number):
        return {
            "name": f"{document['id']} line {number}",
            "sequence": number,
            "account_id": self.account(line["account"]).id,
            "quantity": float(line.get("quantity", 1)),
            "price_unit": float(line["price"]),
            "discount": float(line.get("discount", 0)),
            "deductible_amount": float(line.get("deductible", 100)),
            "tax_ids": [Command.set([self.tax(tax, document["kind"]).id for tax in line["taxes"]])],
        }

    def _make_rates(self):
        for code, rates in (
            ("USD", {"2026-03-01": 1.0850, "2026-04-01": 1.10}),
            ("GBP", {"2026-03-01": 0.8433}),
        ):
            currency = (
                self.env["res.currency"]
                .with_context(active_test=False)
                .search([("name", "=", code)])
            )
            currency.active = True
            currency.rate_ids.filtered(lambda rate: rate.company_id == self.company).unlink()
            currency.rate_ids = [
                Command.create({"name": day, "rate": rate, "company_id": self.company.id})
                for day, rate in rates.items()
            ]

    def _make_payment_terms(self):
        terms = self.env["account.payment.term"]
        self._terms = {
            "early discount": terms.create(
                {
                    "name": "2 % 8 days, net 30",
                    "early_discount": True,
                    "discount_percentage": 2,
                    "discount_days": 8,
                    "early_pay_discount_computation": "mixed",
                    "line_ids": [
                        Command.create({"value": "percent", "value_amount": 100, "nb_days": 30})
                    ],
                }
            ),
            "instalments": terms.create(
                {
                    "name": "30 % in 30 days, 70 % in 60 days",
                    "line_ids": [
                        Command.create({"value": "percent", "value_amount": share, "nb_days": days})
                        for share, days in ((30, 30), (70, 60))
                    ],
                }
            ),
        }

    def _make_roundings(self):
        self._roundings = {
            strategy: self.env["account.cash.rounding"].create(
                {
                    "name": f"5 cents ({strategy})",
                    "rounding": 0.05,
                    "rounding_method": "HALF-UP",
                    "strategy": strategy,
                    "profit_account_id": self.account("757100").id,
                    "loss_account_id": self.account("657100").id,
                }
            )
            for strategy in ("add_invoice_line", "biggest_tax")
        }

    def _make_taxes(self):
        for name, original in (("21 incl", "21-L"), ("6 incl", "06-L")):
            self._taxes[name] = self.tax(original, "sale").copy(
                {"name": name, "price_include_override": "tax_included"}
            )
        self._taxes[OWNER_TAX] = self._make_owner_tax()
        self._taxes["Recupel 10"] = self.env["account.tax"].create(
            {
                "name": "Recupel 10",
                "amount_type": "fixed",
                "amount": 10,
                "type_tax_use": "sale",
                "include_base_amount": True,
                "sequence": 1,
                "company_id": self.company.id,
                "invoice_repartition_line_ids": self._repartition("743000"),
                "refund_repartition_line_ids": self._repartition("743000"),
            }
        )
        self._taxes[OSS_TAX] = self._make_one_stop_shop_tax()

    def _make_owner_tax(self):
        """21 % of which 40 % is the owner's, by the distribution of the tax."""
        tax = self.tax("V82-21-S", "purchase").copy({"name": OWNER_TAX})
        for lines in (tax.invoice_repartition_line_ids, tax.refund_repartition_line_ids):
            line = lines.filtered(lambda one: one.repartition_type == "tax")
            owner = {"account_id": self.account("416000").id, "tag_ids": [Command.clear()]}
            line.copy({"factor_percent": 40, **owner})
            line.factor_percent = 60
        return tax

    def _repartition(self, account, base_tags=None, tax_tags=None):
        none = self.env["account.account.tag"]
        return [
            Command.create(
                {"repartition_type": "base", "tag_ids": [Command.set((base_tags or none).ids)]}
            ),
            Command.create(
                {
                    "repartition_type": "tax",
                    "account_id": self.account(account).id,
                    "tag_ids": [Command.set((tax_tags or none).ids)],
                }
            ),
        ]

    def _make_one_stop_shop_tax(self):
        """A French tax as Odoo's one-stop-shop addon makes it, marked with that addon's tag."""
        tag = self.env.ref("l10n_eu_oss.tag_oss", raise_if_not_found=False)
        if not tag:
            tag = self.env["account.account.tag"].create({"name": "OSS", "applicability": "taxes"})
            self.env["ir.model.data"].create(
                {
                    "module": "l10n_eu_oss",
                    "name": "tag_oss",
                    "model": tag._name,
                    "res_id": tag.id,
                    "noupdate": True,
                }
            )
        export = self.tax("00-ROW", "sale")

        def base_tags(repartition):
            return repartition.filtered(lambda line: line.repartition_type == "base").tag_ids

        return export.copy(
            {
                "name": OSS_TAX,
                "amount": 20,
                "invoice_repartition_line_ids": [
                    Command.clear(),
                    *self._repartition(
                        "451001", base_tags(export.invoice_repartition_line_ids) | tag, tag
                    ),
                ],
                "refund_repartition_line_ids": [
                    Command.clear(),
                    *self._repartition(
                        "451001", base_tags(export.refund_repartition_line_ids) | tag, tag
                    ),
                ],
            }
        )

    def _self_billing_journal(self):
        journals = self.env["account.journal"]
        domain = [("code", "=", "SELF"), ("company_id", "=", self.company.id)]
        return journals.search(domain) or journals.create(
            {
                "name": "Self-billing",
                "code": "SELF",
                "type": "purchase",
                "is_self_billing": True,
                "company_id": self.company.id,
            }
        )
