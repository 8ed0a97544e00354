"""Contacts that come to the administration after the start, where the package keeps them."""

import logging

from odoo import fields, models

from ...api.contact_matching import match_contacts
from ...api.errors import AuthorisationLostError, LimitReachedError, PackageError
from .contact_back import party_values
from .reading_due import READ_EVERY, reading_due_before

_logger = logging.getLogger(__name__)


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    parties_read_at = fields.Datetime(copy=False, readonly=True)

    def _read_back(self, work):
        result = super()._read_back(work)
        self._read_parties(work)
        return result

    def _read_parties(self, work):
        """Repeat in Odoo what changed among the parties, in one call. An error keeps no document
        from being sent; after a limit only this reading rests. Commits."""
        if self.contact_direction != "from_package" or not self._parties_are_due():
            return
        now = fields.Datetime.now()
        try:
            changes = work.package.parties_changed_since(self.party_cursor or "")
            self._take_back_parties(changes)
            self.party_cursor = changes.cursor
        except AuthorisationLostError:
            raise
        except PackageError as error:
            self.env.cr.rollback()
            _logger.info("Connection %s: contacts not read: %s", self.id, error)
            if isinstance(error, LimitReachedError) and error.not_before:
                now = max(now, error.not_before - READ_EVERY)
        self.parties_read_at = now
        self._commit()

    def _parties_are_due(self):
        read_at, now = self.parties_read_at, fields.Datetime.now()
        if not read_at:
            return True
        if self.requested_by_id:
            # in the future: a limit is reached, and pressing a button makes no more room
            return read_at <= now
        return self.synchronisation == "automatic" and read_at <= reading_due_before(self)

    def _take_over_parties(self, stored):
        """Link or make a contact for each party that has none; what is doubtful waits among the
        contacts to decide.

        :return: ``(party, reason)`` of those that could not be taken over
        """
        bound = self._party_bindings()
        keys, taken = set(bound.mapped("external_key")), set(bound.mapped("res_id"))
        fresh = {one.key: one for one in stored if one.active and one.key not in keys}
        if not fresh:
            return []
        partners = self.env["res.partner"].search(self._contacts_domain())
        by_number = {}
        for partner in partners.filtered(lambda partner: partner.id not in taken):
            party = self.env["accountable.party"]._build(self, partner)
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
                self._bind_party(partner, key, match.stored.party)
        new = [(key, one.party) for key, one in fresh.items()]
        return self._each_safely(self._make_linked_contact, new)

    def _bind_party(self, partner, key, party):
        values = {"external_key": key, "adopted": True, "details": {"party": party_values(party)}}
        self.env["accountable.binding"]._bind(self.id, "party", "res.partner", partner.id, values)
