"""Open items, once a day: documents of before the start are bound, and both sides are compared."""

from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

from odoo import fields, models
from odoo.fields import Domain

from ...api.matching import plain_reference
from ...const import KIND_BY_MOVE_TYPE
from ...documents.sentence import Amount, SentencesOf, joined
from ..document_conditions import of_connection, with_binding
from ..sentence import written_for

_lt = SentencesOf(__name__)

COMPARE_EVERY = timedelta(hours=20)
RETRY_AFTER = timedelta(hours=1)


class AccountableOpenItem(models.AbstractModel):
    """What is open on documents, in Odoo and in the administration. Methods take the connection
    first."""

    _name = "accountable.open.item"
    _description = "Open items of an administration"

    def _read_daily(self, connection, run):
        """The open items when the last reading is a day old, else None. Opening items are bound
        before any settlement is read, so that their payments find them. Commits."""
        now = fields.Datetime.now()
        if connection.open_items_read_at and connection.open_items_read_at > now - COMPARE_EVERY:
            return None
        items = run.package.open_items()
        self._bind_opening_items(connection, items)
        connection.open_items_read_at = now
        connection._commit()
        return items

    def _compare_daily(self, connection, items, is_whole):
        """Compare what is open once the settlements read with it are booked; where some of them
        are not yet, open items are read again later."""
        if not is_whole:
            connection.open_items_read_at = fields.Datetime.now() - COMPARE_EVERY + RETRY_AFTER
            return
        differences = self._compare(connection, items)
        if differences and differences != connection.open_items_differences:
            self._post_differences(connection, differences)
        connection.open_items_differences = differences

    # Opening items

    def _bind_opening_items(self, connection, items):
        """Documents of before the start stand in the administration as opening lines: bind those
        whose reference and party are the same, so that their payments come back."""
        until = connection.opening_items_until
        if not until:
            until = connection.start_date and connection.start_date - timedelta(days=1)
        known = self.env["accountable.settlement"]._known_document_keys(
            connection, [item.document_key for item in items]
        )
        items = [item for item in items if item.document_key not in known and item.reference]
        if not items or not until:
            return
        partners = self._partners_by_party_key(connection, {item.party_key for item in items})
        moves = self._moves_before(connection, until, partners.values())
        by_reference = {}
        for move in moves:
            for reference in {move.name, move.payment_reference, move.ref} - {False, "", "/"}:
                name = (move.commercial_partner_id.id, plain_reference(reference))
                by_reference.setdefault(name, set()).add(move.id)
        for item in items:
            name = (partners.get(item.party_key), plain_reference(item.reference))
            found = by_reference.get(name, ())
            if len(found) == 1:
                self._bind_opening_item(connection, item, moves.browse(found))

    def _moves_before(self, connection, until, partner_ids):
        """Posted documents of these contacts up to a date that have no link."""
        return self.env["account.move"].search(
            Domain("state", "=", "posted")
            & Domain("move_type", "in", list(KIND_BY_MOVE_TYPE))
            & Domain("company_id", "in", connection.company_id._accountable_branches().ids)
            & Domain("date", "<=", until)
            & Domain("commercial_partner_id", "in", list(partner_ids))
            & with_binding(of_connection(connection.id), exists=False)
        )

    def _bind_opening_item(self, connection, item, move):
        self.env["accountable.binding"]._bind(
            connection.id,
            "document",
            "account.move",
            move.id,
            {
                "external_key": item.document_key,
                "number": item.reference,
                "adopted": True,
                "details": {"opening_item": True},
            },
        )
        connection._reset_settlement_cursor()

    def _partners_by_party_key(self, connection, keys):
        bindings = self.env["accountable.binding"]._find_all(
            connection,
            "party",
            ("external_key", "in", list(keys)),
            fetch=["external_key", "res_id"],
        )
        return {binding.external_key: binding.res_id for binding in bindings}

    # The comparison

    def _compare(self, connection, items):
        """``[{move_id, name, in_odoo, in_package, reason}]`` for every bound document that is open
        on one side and not equally on the other; amounts in the document's currency, positive is
        open in favour of us for sales, of the supplier for purchases."""
        in_package = {}
        for item in items:
            in_package.setdefault(item.document_key, []).append(item)
        differences = []
        for key, move in self._open_documents(connection, in_package):
            currency = move.currency_id
            theirs = abs(sum((item.amount for item in in_package.get(key, ())), Decimal(0)))
            theirs = theirs.quantize(Decimal(1).scaleb(-currency.decimal_places), ROUND_HALF_UP)
            ours = Decimal(str(currency.round(abs(move.amount_residual))))
            if abs(ours - theirs) > self._tolerance(connection, key, move):
                differences.append(
                    {
                        "move_id": move.id,
                        "name": move.name,
                        "in_odoo": str(ours),
                        "in_package": str(theirs),
                        "reason": self._difference_reason(connection, move, ours, theirs),
                    }
                )
        return differences

    def _tolerance(self, connection, key, move):
        """By how much the open amounts of a document in a foreign currency may differ: each of its
        payments was converted and rounded by itself."""
        if move.currency_id == move.company_id.currency_id:
            return Decimal(0)
        payments = self.env["accountable.settlement"]._payment_bindings(connection, key)
        return len(payments) * Decimal(str(move.currency_id.rounding))

    def _open_documents(self, connection, in_package):
        """``(key, move)`` of the bound documents open on either side."""
        # a link names its record by id only: the ORM joins nothing to it
        self.env["account.move"].flush_model(["amount_residual", "state"])
        self.env["accountable.binding"].flush_model()
        self.env.cr.execute(
            """
            SELECT b.external_key, m.id
              FROM accountable_binding b JOIN account_move m ON m.id = b.res_id
             WHERE b.connection_id = %s AND b.kind = 'document' AND b.res_model = 'account.move'
               AND m.state = 'posted' AND (m.amount_residual != 0 OR b.external_key = ANY(%s))
             ORDER BY m.id
            """,
            (connection.id, list(in_package)),
        )
        rows = self.env.cr.fetchall()
        moves = self.env["account.move"].browse([id_ for _key, id_ in rows])
        return list(zip([key for key, _id in rows], moves, strict=True))

    def _difference_reason(self, connection, move, ours, theirs):
        """The name of the difference: who settled what the other has not."""
        if self.env["accountable.job"].search_count(
            [
                ("connection_id", "=", connection.id),
                ("res_model", "=", "account.move"),
                ("res_id", "=", move.id),
                ("state", "not in", ("done", "skipped")),
            ],
            limit=1,
        ):
            return "waiting"
        if ours < theirs:
            return "paid_in_odoo"
        return "bank_in_odoo" if connection.bank_owner == "odoo" else "settled_in_package"

    def _post_differences(self, connection, differences):
        reasons = {
            "waiting": _lt("a change is still waiting"),
            "paid_in_odoo": _lt("settled in Odoo only"),
            "bank_in_odoo": _lt("settled in the package, while Odoo books the bank"),
            "settled_in_package": _lt("settled in the package only"),
        }
        moves = self.env["account.move"].browse([one["move_id"] for one in differences[:20]])
        lines = [
            joined(
                f"{one['name']}: ",
                Amount(one["in_odoo"], move.currency_id.name),
                " / ",
                Amount(one["in_package"], move.currency_id.name),
                " (",
                reasons[one["reason"]],
                ")",
                between="",
            )
            for one, move in zip(differences, moves, strict=False)
        ]
        text = _lt(
            "%(count)s documents have different amounts open in Odoo / in the administration."
            " %(lines)s",
            count=len(differences),
            lines=joined(*lines, between="; "),
        )
        connection.message_post(body=written_for(connection.company_id.partner_id, text))
