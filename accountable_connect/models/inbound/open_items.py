"""Open items, once a day: documents of before the start are bound, and both sides are compared."""

from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

from odoo import fields, models
from odoo.fields import Domain

from ...api.matching import plain_reference
from ...const import KIND_BY_MOVE_TYPE
from ..conditions import of_connection, with_binding

COMPARE_EVERY = timedelta(hours=20)
AGAIN_AFTER = timedelta(hours=1)


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    # a branch sees the connection of its root, not the root's documents
    open_items_differences = fields.Json(
        copy=False,
        readonly=True,
        groups="base.group_system",
        help="Documents on which Odoo and the administration have different amounts open, as of the"
        " last daily comparison: move_id, name, in_odoo, in_package, reason.",
    )

    def _read_open_items(self, work):
        """The open items when the last reading is a day old, else None. Opening items are bound
        before any settlement is read, so that their payments find them. Commits."""
        now = fields.Datetime.now()
        if self.open_items_read_at and self.open_items_read_at > now - COMPARE_EVERY:
            return None
        items = work.package.open_items()
        self._bind_opening_items(items)
        self.open_items_read_at = now
        self._commit()
        return items

    def _compare_daily(self, items, is_whole):
        """Compare what is open once the settlements read with it are booked; where some of them
        are not yet, open items are read again later."""
        if not is_whole:
            self.open_items_read_at = fields.Datetime.now() - COMPARE_EVERY + AGAIN_AFTER
            return
        differences = self._compare_open_items(items)
        if differences and differences != self.open_items_differences:
            self._tell_differences(differences)
        self.open_items_differences = differences

    # Opening items

    def _bind_opening_items(self, items):
        """Documents of before the start stand in the administration as opening lines: bind those
        whose reference and party are the same, so that their payments come back."""
        until = self.opening_items_until
        if not until:
            until = self.start_date and self.start_date - timedelta(days=1)
        known = self._known_document_keys([item.document_key for item in items])
        items = [item for item in items if item.document_key not in known and item.reference]
        if not items or not until:
            return
        partners = self._partners_by_party_key({item.party_key for item in items})
        moves = self.env["account.move"].search(
            Domain("state", "=", "posted")
            & Domain("move_type", "in", list(KIND_BY_MOVE_TYPE))
            & Domain("company_id", "in", self.company_id._accountable_branches().ids)
            & Domain("date", "<=", until)
            & Domain("commercial_partner_id", "in", list(partners.values()))
            & with_binding(of_connection(self.id), exists=False)
        )
        by_reference = {}
        for move in moves:
            for reference in {move.name, move.payment_reference, move.ref} - {False, "", "/"}:
                name = (move.commercial_partner_id.id, plain_reference(reference))
                by_reference.setdefault(name, set()).add(move.id)
        for item in items:
            found = by_reference.get(
                (partners.get(item.party_key), plain_reference(item.reference))
            )
            if found and len(found) == 1:
                self._bind_opening_item(item, self.env["account.move"].browse(found.pop()))

    def _bind_opening_item(self, item, move):
        self.env["accountable.binding"]._bind(
            self.id,
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
        self._read_settlements_anew()

    def _known_document_keys(self, keys):
        bindings = self.env["accountable.binding"].search_fetch(
            [
                ("connection_id", "=", self.id),
                ("kind", "=", "document"),
                ("external_key", "in", keys),
            ],
            ["external_key"],
        )
        return set(bindings.mapped("external_key"))

    def _partners_by_party_key(self, keys):
        bindings = self.env["accountable.binding"].search_fetch(
            [
                ("connection_id", "=", self.id),
                ("kind", "=", "party"),
                ("external_key", "in", list(keys)),
            ],
            ["external_key", "res_id"],
        )
        return {binding.external_key: binding.res_id for binding in bindings}

    # The comparison

    def _compare_open_items(self, items):
        """``[{move_id, name, in_odoo, in_package, reason}]`` for every bound document that is open
        on one side and not equally on the other; amounts in the document's currency, positive is
        open in favour of us for sales, of the supplier for purchases."""
        in_package = {}
        for item in items:
            in_package.setdefault(item.document_key, []).append(item)
        differences = []
        for key, move in self._open_documents(in_package):
            currency = move.currency_id
            theirs = abs(sum((item.amount for item in in_package.get(key, ())), Decimal(0)))
            theirs = theirs.quantize(Decimal(1).scaleb(-currency.decimal_places), ROUND_HALF_UP)
            ours = Decimal(str(currency.round(abs(move.amount_residual))))
            if abs(ours - theirs) > self._converted(key, move):
                differences.append(
                    {
                        "move_id": move.id,
                        "name": move.name,
                        "in_odoo": str(ours),
                        "in_package": str(theirs),
                        "reason": self._difference_reason(move, ours, theirs),
                    }
                )
        return differences

    def _converted(self, key, move):
        """By how much the open amounts of a document in a foreign currency may differ: each of its
        payments was converted and rounded by itself."""
        if move.currency_id == move.company_id.currency_id:
            return Decimal(0)
        payments = len(self._payment_bindings(key))
        return payments * Decimal(str(move.currency_id.rounding))

    def _open_documents(self, in_package):
        """``(key, move)`` of the bound documents open on either side."""
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
            (self.id, list(in_package)),
        )
        rows = self.env.cr.fetchall()
        moves = self.env["account.move"].browse([id_ for _key, id_ in rows])
        return list(zip([key for key, _id in rows], moves, strict=True))

    def _difference_reason(self, move, ours, theirs):
        """The name of the difference: who settled what the other has not."""
        if self.env["accountable.job"].search_count(
            [
                ("connection_id", "=", self.id),
                ("res_model", "=", "account.move"),
                ("res_id", "=", move.id),
                ("state", "not in", ("done", "skipped")),
            ],
            limit=1,
        ):
            return "waiting"
        if ours < theirs:
            return "paid_in_odoo"
        return "bank_in_odoo" if self.bank_owner == "odoo" else "settled_in_package"

    def _tell_differences(self, differences):
        reasons = {
            "waiting": self.env._("a change is still waiting"),
            "paid_in_odoo": self.env._("settled in Odoo only"),
            "bank_in_odoo": self.env._("settled in the package, while Odoo owns the bank"),
            "settled_in_package": self.env._("settled in the package only"),
        }
        moves = self.env["account.move"].browse([one["move_id"] for one in differences[:20]])
        lines = [
            "{name}: {ours} / {theirs} ({reason})".format(
                name=one["name"],
                ours=move.currency_id.format(float(one["in_odoo"])),
                theirs=move.currency_id.format(float(one["in_package"])),
                reason=reasons[one["reason"]],
            )
            for one, move in zip(differences, moves, strict=False)
        ]
        self.message_post(
            body=self.env._(
                "%(count)s documents have different amounts open in Odoo / in the administration."
                " %(lines)s",
                count=len(differences),
                lines="; ".join(lines),
            )
        )
