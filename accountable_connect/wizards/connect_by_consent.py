"""The first step where a person consents in the browser: to the package and back, in one tab, into
the set-up."""

from odoo import fields, models

from .connect import KNOWN


class AccountableConnect(models.TransientModel):
    _inherit = "accountable.connect"

    consent_asked = fields.Boolean(readonly=True)

    def _ask_consent(self, sign_in):
        """The action that sends the browser to the package; it comes back to ``_consented``."""
        sign_in._check_can_consent()
        # fields of the engine
        self.sudo().write({"consent_asked": True, "problem": False, "problem_at": False})
        return {
            "type": "ir.actions.act_url",
            "url": sign_in._package_path(f"start/{sign_in.id}"),
            "target": "self",
        }

    def _consented(self, sign_in):
        """The consent to this sign-in works: the connection this was for, made now."""
        self.ensure_one()
        connection = self._connection() or self._make_connection(sign_in)
        # fields of the engine
        self.sudo().write(
            {
                "consent_asked": False,
                "draft_id": False,
                "sign_in_id": sign_in.id,
                "choice": KNOWN,
            }
        )
        return connection


class AccountableSignIn(models.Model):
    _inherit = "accountable.sign.in"

    def _first_step(self):
        """The dialogue in which this person asked for consent, none where it was asked elsewhere or
        given already."""
        return self.env["accountable.connect"].search(
            [
                ("consent_asked", "=", True),
                "|",
                ("draft_id", "=", self.id),
                "&",
                # the one that was offered first stands there too where another user is asked
                ("choice", "=", KNOWN),
                ("sign_in_id", "=", self.id),
            ],
            order="id desc",
            limit=1,
        )

    def _read_consent(self):
        if not self.active and self._first_step():
            self.sudo().active = True  # it works: no draft any more
        return super()._read_consent()

    def _address_in_odoo(self):
        if self._first_step():
            return f"/odoo/action-accountable_connect_{self.package}.accountable_connect_action"
        return super()._address_in_odoo()
