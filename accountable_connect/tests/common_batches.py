"""Batches for tests of what people see of them."""

from ast import literal_eval

from lxml import etree
from odoo import fields
from odoo.tests import Form, new_test_user

from .common import ConnectionCase


class BatchesMixin:
    """For a ``ConnectionCase``."""

    def new_batch(self, moves, state="handed_over", number=1, connection=None, **values):
        """A batch of these documents with a file of each, as the engine leaves it; they are linked
        with it."""
        env = self.env(su=True)
        connection = (connection or self.connection).sudo()
        if state == "open":
            number = 0
        batch = env["accountable.batch"].create(
            {
                "connection_id": connection.id,
                "state": state,
                "number": number,
                "date_from": self.today,
                "date_to": self.today,
                "document_count": len(moves),
                **({} if state == "open" else {"closed_at": fields.Datetime.now()}),
                **({"handed_over_at": fields.Datetime.now()} if state == "handed_over" else {}),
                **values,
            }
        )
        stages = dict.fromkeys(("open", "closed", "handing_over"), "in_batch")
        stages["confirmed"] = "booked"
        for move in moves:
            item = self.new_item(batch, move)
            if state != "refused":
                env["accountable.binding"]._bind(
                    connection.id,
                    "document",
                    move._name,
                    move.id,
                    {
                        "external_key": f"item,{item.id}",
                        "number": batch.name,
                        "stage": stages.get(state, "handed_over"),
                    },
                )
        self.jobs(moves).unlink()
        self.env.invalidate_all()
        return batch

    def new_item(self, batch, move, **values):
        item = (
            self.env["accountable.batch.item"]
            .sudo()
            .create(
                {
                    "batch_id": batch.id,
                    "res_model": move._name,
                    "res_id": move.id,
                    "name": move.name,
                    "journal": move.journal_id.code,
                    "document_kind": "sale",
                    "partner_name": move.partner_id.name,
                    "document_date": move.invoice_date,
                    "accounting_date": move.date,
                    "currency_id": move.currency_id.id,
                    "amount_total": move.amount_total,
                    **values,
                }
            )
        )
        self.env["accountable.batch.file"].sudo().create(
            {
                "batch_id": batch.id,
                "item_id": item.id,
                "name": f"{move.name.replace('/', '_')}.xml",
                "media_type": "application/xml",
                "size": 10,
                "content": b"PEludm9pY2UvPg==",
            }
        )
        return item


class BatchScreensCase(BatchesMixin, ConnectionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(
            cls.env, "batch_user", groups="accountable_connect.group_user,base.group_user"
        )

    def opened(self, action):
        """The record of a dialogue, as the user has it."""
        return self.env[action["res_model"]].with_user(self.user).browse(action["res_id"])

    def filled(self, dialogue, **values):
        """Through its form, as a person fills it in."""
        with Form(dialogue) as form:
            for name, value in values.items():
                form[name] = value
        return dialogue

    def answer(self, action, button="action_store", **values):
        """Fill in the dialogue that opens, and press its button: three requests."""
        self.env.invalidate_all()
        getattr(self.filled(self.opened(action), **values), button)()
        self.env.invalidate_all()

    def failed_job(self, move):
        return (
            self.env["accountable.job"]
            .sudo()
            .create(
                {
                    "connection_id": self.connection.id,
                    "company_id": self.company.id,
                    "operation": "document",
                    "res_model": move._name,
                    "res_id": move.id,
                    "name": move.name,
                    "state": "failed",
                    "error_kind": "data_refused",
                    "message": "No",
                }
            )
        )

    def new_hand_over(self, batch, state, **values):
        return (
            self.env["accountable.hand.over"]
            .sudo()
            .create({"batch_id": batch.id, "channel": "folder", "state": state, **values})
        )

    def filter_domain(self, view, name):
        arch = self.env["accountable.batch"].get_view(
            self.env.ref(f"accountable_connect.{view}").id, "search"
        )["arch"]
        return literal_eval(etree.fromstring(arch).find(f".//filter[@name='{name}']").get("domain"))
