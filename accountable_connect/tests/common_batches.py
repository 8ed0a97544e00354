"""Batches for tests of what people see of them."""

from odoo import fields


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
