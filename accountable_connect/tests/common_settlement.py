from decimal import Decimal

from odoo.addons.accountable_connect.documents import Settlement

from .common import ConnectionCase


class SettlementCase(ConnectionCase):
    """Payments come back from the package to the clearing account ``clearing``."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.connection.settlements_back = True
        cls.connection.action_create_settlement_journal()
        cls.clearing = cls.connection.settlement_journal_id.default_account_id

    def booked(self, amount=100.0, **values):
        """A document that is in the administration already."""
        move = self.invoice(amount, **values)
        self.work()
        self.assertEqual(self.jobs(move).state, "done", self.jobs(move).message)
        return move

    def settle(self, move, amount, key="S1", kind="payment", **values):
        """The accountant matches something against a document."""
        settlement = Settlement(
            key=key,
            kind=kind,
            document_key=self.bindings(move).external_key,
            date=values.pop("date", self.today),
            amount=Decimal(amount),
            amount_company=Decimal(values.pop("amount_company", amount)),
            currency=move.currency_id.name,
            **values,
        )
        self.books.settlements.append(settlement)
        return settlement

    def read_back(self, **values):
        self.connection.sudo().write({"settlements_read_at": False})
        self.work(**values)

    def pay(self, moves, **values):
        """Register a payment in Odoo, of all that is open or of an ``amount``."""
        register = (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=moves.ids)
            .create(values)
        )
        return register._create_payments()
