"""Contacts that come to the administration after the start, where the package keeps them."""

import logging
from datetime import timedelta

from odoo import fields, models

from ..api.contact_matching import match_contacts
from ..api.errors import AuthorisationLostError, PackageError

_logger = logging.getLogger(__name__)

READ_EVERY = timedelta(hours=6)


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    parties_read_at = fields.Datetime(copy=False)

    def _read_back(self, work):
        result = super()._read_back(work)
        self._read_parties(work)
        return result

    def _read_parties(self, work):
        """Make in Odoo the contacts that are new in the package; those that Odoo has are linked,
        never changed. An error keeps no document from being sent. Commits."""
        now, read_at = fields.Datetime.now(), self.parties_read_at
        if self.contact_direction != "from_package":
            return
        if read_at and read_at > now - READ_EVERY and not self.requested_by_id:
            return
        try:
            changes = work.package.parties_changed_since(self.party_cursor or "")
            self._take_over_parties(changes.parties)
            self.party_cursor = changes.cursor
        except AuthorisationLostError:
            raise
        except PackageError as error:
            self.env.cr.rollback()
            _logger.info("Connection %s: contacts not read: %s", self.id, error)
        self.parties_read_at = now
        self._commit()

    def _take_over_parties(self, stored):
        """Link or make a contact for each party that has none; what is doubtful waits among the
        contacts to decide."""
        bindings = self.env["accountable.binding"]
        bound = bindings.search([("connection_id", "=", self.id), ("kind", "=", "party")])
        keys, taken = set(bound.mapped("external_key")), set(bound.mapped("res_id"))
        fresh = {one.key: one for one in stored if one.active and one.key not in keys}
        if not fresh:
            return
        partners = self.env["res.partner"].search(self._contacts_domain())
        by_number = {}
        for partner in partners.filtered(lambda partner: partner.id not in taken):
            party = self.env["accountable.document"]._build_party(partner, self)
            by_number[party.external_number] = (partner, party)
        decided = {
            (match.external_key, match.partner_id.id): match.state
            for match in self.contact_match_ids
        }
        parties = [party for _partner, party in by_number.values()]
        for match in match_contacts(parties, list(fresh.values())):
            partner, key = by_number[match.party.external_number][0], match.stored.key
            state = decided.get((key, partner.id), "matched" if match.sure else "doubtful")
            if state == "refused":
                continue
            if (key, partner.id) not in decided:
                self.env["accountable.contact.match"].create(
                    {
                        **self._match_values(match.stored),
                        "partner_id": partner.id,
                        "reason": match.reason,
                        "state": state,
                    }
                )
            fresh.pop(key, None)
            if state != "doubtful":
                self._bind_party(partner, key)
        for key, one in fresh.items():
            self._bind_party(self._create_partner(one.party), key)

    def _bind_party(self, partner, key):
        self.env["accountable.binding"]._bind(
            self.id, "party", "res.partner", partner.id, {"external_key": key, "adopted": True}
        )
