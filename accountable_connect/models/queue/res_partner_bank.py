"""Bank accounts of contacts: only those that people may send money to go to the accountant."""

from odoo import api, models

# What decides which account goes.
WATCHED = {"acc_number", "active", "allow_out_payment", "bank_id", "partner_id", "sequence"}


class ResPartnerBank(models.Model):
    _inherit = "res.partner.bank"

    @api.model_create_multi
    def create(self, vals_list):
        accounts = super().create(vals_list)
        accounts.partner_id._accountable_bank_accounts_changed()
        return accounts

    def write(self, vals):
        watched = bool(WATCHED & vals.keys())
        partners = self.partner_id if watched else self.env["res.partner"]
        result = super().write(vals)
        if watched:
            (partners | self.partner_id)._accountable_bank_accounts_changed()
        return result

    def unlink(self):
        partners = self.partner_id
        result = super().unlink()
        partners.exists()._accountable_bank_accounts_changed()
        return result


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _accountable_bank_accounts_changed(self):
        """What was refused because of the account goes again, what is trusted now goes, and the
        contact says what waits for that."""
        plans = self.env["accountable.sending.plan"]
        partners = self.commercial_partner_id
        if not partners or not plans._by_company():
            return
        partners._accountable_cause_removed()
        bindings = partners._accountable_party_bindings()
        parties = self.env(su=True, context={})["accountable.party"]
        trusted = bindings.browse()
        for binding in bindings:
            connection = binding.connection_id
            if not connection.active or connection.contact_direction != "to_package":
                continue
            partner = parties.env["res.partner"].browse(binding.res_id)
            party = parties._build(connection.with_env(parties.env), partner)
            binding._note_bank_account(party)
            if party.iban and not party.was_sent_as(binding.fingerprint):
                if not binding._refused_party(party):
                    trusted |= binding
        moments = {
            connection.id: plans._of(connection).next_moment()
            for connection in trusted.connection_id
        }
        self.env["accountable.enqueueing"]._enqueue_contacts(trusted, moments)
        for connection in trusted.connection_id:
            if moments[connection.id]:
                connection._wake_lanes(moments[connection.id])

    def _accountable_note_bank_account(self, connection_id):
        """Say on the link with one connection whether a bank account waits to be trusted."""
        connection = self.env["accountable.connection"].browse(connection_id)
        for binding in self._accountable_party_bindings():
            if binding.connection_id == connection:
                party = self.env["accountable.party"]._build(connection, self)
                binding._note_bank_account(party)


class AccountableBinding(models.Model):
    _inherit = "accountable.binding"

    def _refused_party(self, party):
        """Whether the last update of the contact was refused, as it still is."""
        self.ensure_one()
        return bool(
            self.env["accountable.job"]._of(
                self.env["res.partner"].browse(self.res_id),
                ("connection_id", "=", self.connection_id.id),
                ("operation", "=", "party"),
                ("state", "=", "failed"),
                ("refused_fingerprint", "=", party.fingerprint()),
            )
        )

    def _note_bank_account(self, party):
        """A note while the party has a bank account that nobody trusts, and none that goes."""
        self.ensure_one()
        if party.untrusted_iban:
            connection = self.connection_id
            self._add_note(
                "iban_not_trusted",
                iban=party.untrusted_iban,
                administration=connection.administration_name or connection.name,
            )
        else:
            self._remove_notes("iban_not_trusted")
