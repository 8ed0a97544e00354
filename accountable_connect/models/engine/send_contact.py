"""Bringing one contact up to date, on request."""

from ...api import contact_matching
from ...api.errors import DataRefusedError
from ...documents.sentence import SentencesOf
from .batch import known_party
from .contacts import Contacts, with_our_number
from .job_part import part
from .operation import Operation

_lt = SentencesOf(__name__)


class SendContact(Operation):
    """Brings one contact up to date, and finds out what became of a lost answer."""

    contacts = part(Contacts)

    def send(self):
        """Bring one contact up to date, on request: also when nothing of it changed, since it may
        have been changed, merged or removed over there. One that is gone is looked for and made
        again, which only a person asks for."""
        partner = self.record
        if not partner:
            self.store(self.job._end, "skipped", skip_reason="deleted")
            return
        party = self.env["accountable.party"]._build(self.connection, partner)
        known = self.party_link(partner.id)
        if known:
            self.run.parties[partner.id] = known_party(known)._replace(fingerprint="")
        try:
            self.contacts.ensure(party)
        except DataRefusedError as error:
            if not known or error.code != error.PARTY_GONE:
                raise
            self.store(self._forget_party, known, partner)
            self.contacts.ensure(party)
        self.store(self._end_party, partner)

    def _forget_party(self, binding, partner):
        binding.unlink()
        del self.run.parties[partner.id]

    def _end_party(self, partner):
        """What failed because of the contact goes again."""
        self.job._end("done")
        partner._accountable_cause_removed(accepted=True)

    def settle(self):
        """A party that is there is linked at once, so that documents go. It is saved again, with
        what may be missing, when nothing of the lost call can arrive any more."""
        partner = self.record
        if partner and not self.party_link(partner.id):
            party = self.env["accountable.party"]._build(self.connection, partner)
            ours = with_our_number(self.run.package.find_parties(party), party)
            there = contact_matching.choose_party(ours, party, self.contacts.taken(ours))
            if there:
                self.store(self._store_party_there, partner.id, there)
                return
        self.store(self._store_party_not_there)

    def _store_party_there(self, partner_id, stored):
        """Found: whoever waits for it goes on."""
        self.contacts.store_party(partner_id, stored, None, False)
        self.job._store_look_later(_lt("It is there; it is brought up to date a little later."))
        self.job._release_held()

    def _store_party_not_there(self):
        self.not_there.store_not_there()
        if self.job.state != "unknown" and self.run.arriving.get(self.res_id) == self.job.id:
            del self.run.arriving[self.res_id]
