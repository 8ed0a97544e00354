"""The contact of a document: made or brought up to date before the document goes."""

from contextlib import contextmanager
from dataclasses import replace

from odoo import fields

from ...api import contact_matching
from ...api.errors import (
    DATA_REFUSED,
    DUPLICATE,
    DataRefusedError,
    OutcomeUnknownError,
    PackageError,
)
from ...documents.sentence import SentencesOf
from .failure import Failures
from .job_part import JobPart
from .run_state import CannotGo, Held, KnownParty

_lt = SentencesOf(__name__)

# What identifies a party, beside our own number; a registry number does so in its country.
NUMBERS = ("vat_number", "registry_number", "country")


def with_our_number(found, party):
    return [one for one in found if one.party.external_number == party.external_number]


class Contacts(JobPart):
    """Makes sure that the administration has the contact a job needs."""

    def ensure(self, party):
        """The key of the party in the administration, made or renewed first where needed; no call
        when nothing changed. Commits after a call."""
        partner_id = self.run.partner_id_of(party)
        known = self.run.parties.get(partner_id)
        self._check_not_refused(partner_id, party)
        if known and not self.run.settings.parties_to_package:
            return known.key
        if known and party.was_sent_as(known.fingerprint):
            return known.key
        if self._is_arriving(partner_id, known):
            return known.key
        with self._saving("party", party):
            there = None if known else self._find_party(party)
        adopted = bool(there)
        if there and not self.run.settings.parties_to_package:
            self.store(self.store_party, partner_id, there, party, adopted)
            return there.key
        key = (known or there).key if known or there else None
        sent = replace(party, **known.numbers) if known and known.numbers is not None else None
        item = self.store(self._store_party_sending, partner_id)
        try:
            with self._saving("party", party):
                stored = self._save_party(party, key, sent)
        except PackageError as error:
            self._end_failed_saving(item, partner_id, error)
            if not known or not isinstance(error, OutcomeUnknownError) or item == self.job:
                raise
            # the document finds it where it was; the item follows up what became of the change
            return known.key
        try:
            self.store(self.store_party, partner_id, stored, party, adopted, item)
        except CannotGo as taken:
            # the answer is known: nothing is on its way that a later run would have to look for
            self._end_failed_saving(item, partner_id, taken)
            raise
        if stored.contacts_problem and self.operation == "party":
            with self._saving("contact_persons", party):
                raise stored.contacts_problem
        return stored.key

    def key_of_old(self, party):
        """The key of the party of a document as it was sent a while ago: a party that is linked is
        not sent again with what was known of it then."""
        partner_id = self.run.partner_id_of(party)
        known = self.party_link(partner_id)
        return known.external_key or self.ensure(party)

    @contextmanager
    def _saving(self, topic, party):
        """What goes wrong is the party's."""
        try:
            with self.within_limit(topic):
                yield
        except PackageError as error:
            error.values = {**error.values, "concerns": "party"}
            error.refused_party = party
            raise

    def _find_party(self, party):
        """The party as the administration holds it, though no partner is linked with it; or
        None."""
        found = self.run.package.find_parties(party)
        not_these = self.taken(found) | self._refused_parties(party)
        not_these |= self._marked_parties(found)
        return contact_matching.choose_party(found, party, not_these)

    def taken(self, found):
        """Keys among those found that belong to a partner already."""
        if not found:
            return set()
        keys = [stored.key for stored in found]
        bindings = self.bindings("party", ("external_key", "in", keys))
        there = set(self.env["res.partner"].browse(bindings.mapped("res_id")).exists().ids)
        return {binding.external_key for binding in bindings if binding.res_id in there}

    def _marked_parties(self, found):
        """Keys among those found that carry the number of another contact."""
        ids = {
            stored.key: stored.party.external_number - self.run.settings.external_number_offset
            for stored in found
            if stored.party.external_number
        }
        there = set(self.env["res.partner"].browse(ids.values()).exists().ids)
        return {key for key, id_ in ids.items() if id_ in there}

    def _refused_parties(self, party):
        """Keys of which a person said in the set-up that they are not this contact."""
        matches = self.env["accountable.contact.match"].search(
            [
                ("connection_id", "=", self.run.connection_id),
                ("partner_id", "=", self.run.partner_id_of(party)),
                ("state", "=", "refused"),
            ]
        )
        return set(matches.mapped("external_key"))

    def _check_not_refused(self, partner_id, party):
        """A party is refused once an hour, however many documents it has: packages block who goes
        on. A person may ask again, by the item of the contact or by Retry."""
        refused = self.run.refused_parties.get(partner_id)
        if self.operation == "party" or not refused:
            return
        if refused.fingerprint == party.fingerprint():
            raise CannotGo(
                DATA_REFUSED,
                refused.code,
                refused.sentence,
                ("res.partner", partner_id),
                refused=refused,
            )

    def _save_party(self, party, key, sent):
        """Save a party; for a document without what no booking needs, where the package refuses it
        with that. An item of the contact tries again then, and says what is wrong."""
        try:
            return self.run.package.save_party(party, key, sent=sent)
        except DataRefusedError as error:
            needed = party.without_details()
            if self.operation == "party" or error.code == error.PARTY_GONE or needed == party:
                raise
            refused = error
        stored = self.run.package.save_party(needed, key, sent=sent)
        return replace(stored, party=party, contacts_problem=stored.contacts_problem or refused)

    def store_party(self, partner_id, stored, party, adopted, item=None):
        """Link the party.

        :param party: what was sent; None when nobody knows what the administration has of it
        :param item: the item that says that it was being saved, which has nothing to say any more
        """
        self._check_key_is_free(partner_id, stored.key)
        fingerprint = party.fingerprint() if party else False
        numbers = {name: getattr(party, name) for name in NUMBERS} if party else None
        values = {
            "external_key": stored.key,
            "number": stored.key,
            "fingerprint": fingerprint,
            "adopted": adopted,
            "details": {"numbers": numbers},
        }
        self.env["accountable.binding"]._bind(
            self.run.connection_id, "party", "res.partner", partner_id, values
        )
        self.run.parties[partner_id] = KnownParty(stored.key, fingerprint, numbers)
        self.run.counts.parties_sent += 1
        partner = self.env["res.partner"].browse(partner_id)
        if self.run.settings.parties_to_package:
            partner._accountable_note_bank_account(self.run.connection_id)
        self.run.refused_parties.pop(partner_id, None)
        partner._accountable_cause_removed(accepted=True)
        self._follow_up(partner_id, item, stored.contacts_problem)

    def _check_key_is_free(self, partner_id, key):
        """A key of a contact that was merged into another one, or deleted, is free.

        :raises CannotGo: another contact has it
        """
        taken = ("external_key", "=", key), ("res_id", "!=", partner_id)
        other = self.bindings("party", *taken)
        partner = self.env["res.partner"].browse(other.res_id).exists()
        if partner:
            sentence = _lt(
                "The administration takes this contact for the same as %(partner)s. Merge the two"
                " contacts in Odoo, or correct one of them.",
                partner=partner.display_name,
            )
            raise CannotGo(DUPLICATE, "party_taken", sentence, ("res.partner", partner_id))
        other.unlink()

    def _follow_up(self, partner_id, item, problem):
        """End the item that said that a party was being saved. What went wrong with its contact
        persons holds up no document: an item tries again and says why."""
        if item and item != self.job:
            self.run.arriving.pop(partner_id, None)
            # a contact person may have arrived: the item follows that up
            if isinstance(problem, OutcomeUnknownError):
                Failures(item, self.run).store_package_error(problem)
                return
            item.unlink()
        if problem and self.operation != "party":
            self.env["accountable.enqueueing"]._enqueue_contacts(self.party_link(partner_id))

    # Contacts that had no answer

    def _is_arriving(self, partner_id, known):
        """Whether a document can do with the contact as it was known, because nobody knows yet what
        became of its last saving. Raises Held for what cannot."""
        item = self.job.browse(self.run.arriving.get(partner_id) or ())
        if not item or item == self.job:
            return False
        if known and self.operation != "party":
            return True
        raise Held(item.id, self._arriving_sentence(item))

    def _arriving_sentence(self, item):
        return item._may_arrive_sentence() or _lt(
            "It waits for the contact %(name)s, which is being looked up.", name=item.name
        )

    def _store_party_sending(self, partner_id):
        """Say that a party is being saved, so that nobody makes a second one when no answer comes,
        or no worker is left to hear it. Gives the item that says it: an update of the party this
        one itself, else one beside it for as long as it takes."""
        sending = {"state": "sending", "sent_at": fields.Datetime.now(), "held_by_id": False}
        if self.operation == "party":
            self.job.write(sending)
            self.run.calling = True
            return self.job
        partner = self.env["res.partner"].browse(partner_id)
        connection = self.connection
        item = self.job.create(
            {
                **sending,
                "connection_id": connection.id,
                "company_id": connection.company_id.id,
                "operation": "party",
                "res_model": partner._name,
                "res_id": partner.id,
                "name": partner.name or "-",
                "partner_name": partner.name,
                "order_key": "",  # before any document
            }
        )
        self.run.arriving[partner_id] = item.id
        return item

    def _end_failed_saving(self, item, partner_id, error):
        """The party was not saved, or nobody knows. Raises Held for a document whose party may be
        on its way."""
        if item == self.job:
            return
        self.env.cr.rollback()
        if not isinstance(error, OutcomeUnknownError):
            self.run.arriving.pop(partner_id, None)
            self.store(item.unlink)
            return
        self.store(Failures(item, self.run).store_package_error, error)
        if partner_id not in self.run.parties:
            raise Held(item.id, self._arriving_sentence(item)) from error
