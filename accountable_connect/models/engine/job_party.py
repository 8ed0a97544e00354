"""Parties and files: what goes beside the documents."""

from contextlib import contextmanager
from dataclasses import replace

from odoo import fields, models

from ...api import contact_matching
from ...api.errors import (
    DATA_REFUSED,
    DUPLICATE,
    OUTCOME_UNKNOWN,
    DataRefusedError,
    OutcomeUnknownError,
    PackageError,
)
from .work import Held, KnownParty, NotSent

# What identifies a party, beside our own number; a registry number does so in its country.
NUMBERS = ("vat_number", "registry_number", "country")


class AccountableJob(models.Model):
    _inherit = "accountable.job"

    def _party_partner_id(self, work, party):
        """The partner a neutral party was built from."""
        return party.external_number - work.settings.external_number_offset

    def _ensure_party(self, work, party):
        """The key of the party in the administration, made or renewed first where needed; no call
        when nothing changed. Commits after a call."""
        partner_id = self._party_partner_id(work, party)
        known = work.parties.get(partner_id)
        self._check_not_refused(work, partner_id, party)
        if known and not work.settings.parties_to_package:
            return known.key
        if known and party.was_sent_as(known.fingerprint):
            return known.key
        if self._is_arriving(work, partner_id, known):
            return known.key
        with self._saving(work, "party", party):
            there = None if known else self._find_party(work, party)
        adopted = bool(there)
        if there and not work.settings.parties_to_package:
            self._store(self._store_party, work, partner_id, there, party, adopted)
            return there.key
        key = (known or there).key if known or there else None
        sent = replace(party, **known.numbers) if known and known.numbers is not None else None
        item = self._store(self._store_party_sending, work, partner_id)
        try:
            with self._saving(work, "party", party):
                stored = self._save_party(work, party, key, sent)
        except PackageError as error:
            self._end_failed_saving(work, item, partner_id, error)
            if not known or not isinstance(error, OutcomeUnknownError) or item == self:
                raise
            # the document finds it where it was; the item follows up what became of the change
            return known.key
        try:
            self._store(self._store_party, work, partner_id, stored, party, adopted, item)
        except NotSent as taken:
            # the answer is known: nothing is on its way that a later run would have to look for
            self._end_failed_saving(work, item, partner_id, taken)
            raise
        if stored.contacts_problem and self.operation == "party":
            with self._saving(work, "contact_persons", party):
                raise stored.contacts_problem
        return stored.key

    def _party_key_of_old(self, work, party):
        """The key of the party of a document as it was sent a while ago: a party that is linked is
        not sent again with what was known of it then."""
        partner_id = self._party_partner_id(work, party)
        known = self.env["accountable.binding"]._find(
            work.connection_id, "party", "res.partner", partner_id
        )
        return known.external_key or self._ensure_party(work, party)

    @contextmanager
    def _saving(self, work, topic, party):
        """What goes wrong is the party's."""
        try:
            with self._within_limit(work, topic):
                yield
        except PackageError as error:
            error.values = {**error.values, "concerns": "party"}
            error.refused_party = party
            raise

    def _find_party(self, work, party):
        """The party as the administration holds it, though no partner is linked with it; or
        None."""
        found = work.package.find_parties(party)
        not_these = self._taken_parties(work, found) | self._refused_parties(work, party)
        not_these |= self._marked_parties(work, found)
        return contact_matching.choose_party(found, party, not_these)

    def _taken_parties(self, work, found):
        """Keys among those found that belong to a partner already."""
        if not found:
            return set()
        bindings = self.env["accountable.binding"].search(
            [
                ("connection_id", "=", work.connection_id),
                ("kind", "=", "party"),
                ("external_key", "in", [stored.key for stored in found]),
            ]
        )
        partners = self.env["res.partner"].browse(bindings.mapped("res_id")).exists()
        alive = bindings.filtered(lambda binding: binding.res_id in partners.ids)
        return set(alive.mapped("external_key"))

    def _marked_parties(self, work, found):
        """Keys among those found that carry the number of another contact."""
        ids = {
            stored.key: stored.party.external_number - work.settings.external_number_offset
            for stored in found
            if stored.party.external_number
        }
        there = self.env["res.partner"].browse(ids.values()).exists().ids
        return {key for key, id_ in ids.items() if id_ in there}

    def _refused_parties(self, work, party):
        """Keys of which a person said in the set-up that they are not this contact."""
        matches = self.env["accountable.contact.match"].search(
            [
                ("connection_id", "=", work.connection_id),
                ("partner_id", "=", self._party_partner_id(work, party)),
                ("state", "=", "refused"),
            ]
        )
        return set(matches.mapped("external_key"))

    @staticmethod
    def _known_party(binding):
        """What a link says of a party; nobody looks what one holds that a person, or the set-up,
        has just said to be the same."""
        numbers = (binding.details or {}).get("numbers", {}) if binding.fingerprint else None
        return KnownParty(binding.external_key, binding.fingerprint, numbers)

    def _store_party(self, work, partner_id, stored, party, adopted, item=None):
        """Link the party.

        :param party: what was sent; None when nobody knows what the administration has of it
        :param item: the item that says that it was being saved, which has nothing to say any more
        """
        fingerprint = party.fingerprint() if party else False
        numbers = {name: getattr(party, name) for name in NUMBERS} if party else None
        other = self.env["accountable.binding"].search(
            [
                ("connection_id", "=", work.connection_id),
                ("kind", "=", "party"),
                ("external_key", "=", stored.key),
                ("res_id", "!=", partner_id),
            ]
        )
        partner = self.env["res.partner"].browse(other.res_id).exists()
        if other and not partner:
            # merged into another contact, or deleted: its counterpart is free
            other.unlink()
        elif other:
            raise NotSent(
                DUPLICATE,
                "party_taken",
                self.env._(
                    "The administration takes this contact for the same as %(partner)s. Merge the"
                    " two"
                    " contacts in Odoo, or correct one of them.",
                    partner=partner.display_name,
                ),
                ("res.partner", partner_id),
            )
        self.env["accountable.binding"]._bind(
            work.connection_id,
            "party",
            "res.partner",
            partner_id,
            {
                "external_key": stored.key,
                "number": stored.key,
                "fingerprint": fingerprint,
                "adopted": adopted,
                "details": {"numbers": numbers},
            },
        )
        work.parties[partner_id] = KnownParty(stored.key, fingerprint, numbers)
        work.counts.parties_sent += 1
        partner = self.env["res.partner"].browse(partner_id)
        if work.settings.parties_to_package:
            partner._accountable_tell_bank_account(work.connection_id)
        work.refused_parties.pop(partner_id, None)
        partner._accountable_cause_removed(accepted=True)
        if item and item != self:
            work.arriving.pop(partner_id, None)
            # a contact person may have arrived: the item follows that up
            if isinstance(stored.contacts_problem, OutcomeUnknownError):
                item._store_package_error(work, stored.contacts_problem)
                return
            item.unlink()
        if stored.contacts_problem and self.operation != "party":
            # a contact person holds up no document: an item of its own tries again and says why
            binding = self.env["accountable.binding"]._find(
                work.connection_id, "party", "res.partner", partner_id
            )
            self.env["res.partner"]._accountable_enqueue_update(binding)

    def _send_party(self, work):
        """Bring one contact up to date, on request: also when nothing of it changed, since it may
        have been changed, merged or removed over there. One that is gone is looked for and made
        anew, which nobody but a person asks for."""
        partner = self.env["res.partner"].browse(self.res_id).exists()
        if not partner:
            self._store(self._end_skipped, "deleted")
            return
        connection = self.env["accountable.connection"].browse(work.connection_id)
        party = self.env["accountable.document"]._build_party(partner, connection)
        known = self.env["accountable.binding"]._find(
            work.connection_id, "party", "res.partner", partner.id
        )
        if known:
            work.parties[partner.id] = self._known_party(known)._replace(fingerprint="")
        try:
            self._ensure_party(work, party)
        except DataRefusedError as error:
            if not known or error.code != error.PARTY_GONE:
                raise
            self._store(self._forget_party, work, known, partner)
            self._ensure_party(work, party)
        self._store(self._end_party, partner)

    def _forget_party(self, work, binding, partner):
        binding.unlink()
        del work.parties[partner.id]

    # Parties that had no answer

    def _is_arriving(self, work, partner_id, known):
        """Whether a document can do with the contact as it was known, because nobody knows yet what
        became of its last saving. Raises Held for what cannot."""
        item = self.browse(work.arriving.get(partner_id) or ())
        if not item or item == self:
            return False
        if known and self.operation != "party":
            return True
        raise Held(item.id, self._arriving_sentence(item))

    def _arriving_sentence(self, item):
        return item._may_arrive_sentence() or self.env._(
            "It waits for the contact %(name)s, which is being looked up.", name=item.name
        )

    def _store_party_sending(self, work, partner_id):
        """Say that a party is being saved, so that nobody makes a second one when no answer comes,
        or no worker is left to hear it. Gives the item that says it: an update of the party this
        one itself, else one beside it for as long as it takes."""
        sending = {"state": "sending", "sent_at": fields.Datetime.now(), "held_by_id": 0}
        if self.operation == "party":
            self.write(sending)
            work.calling = True
            return self
        partner = self.env["res.partner"].browse(partner_id)
        connection = self.env["accountable.connection"].browse(work.connection_id)
        item = self.create(
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
        work.arriving[partner_id] = item.id
        return item

    def _end_failed_saving(self, work, item, partner_id, error):
        """The party was not saved, or nobody knows. Raises Held for a document whose party may be
        on its way."""
        if item == self:
            return
        self.env.cr.rollback()
        if not isinstance(error, OutcomeUnknownError):
            work.arriving.pop(partner_id, None)
            self._store(item.unlink)
            return
        self._store(item._store_package_error, work, error)
        if partner_id not in work.parties:
            raise Held(item.id, self._arriving_sentence(item)) from error

    def _settle_party(self, work):
        """A party that is there is linked at once, so that documents go. It is saved again, with
        what may be missing, when nothing of the lost call can arrive any more."""
        partner = self.env["res.partner"].browse(self.res_id).exists()
        bindings = self.env["accountable.binding"]
        if partner and not bindings._find(work.connection_id, "party", partner._name, partner.id):
            connection = self.env["accountable.connection"].browse(work.connection_id)
            party = self.env["accountable.document"]._build_party(partner, connection)
            ours = self._with_our_number(work.package.find_parties(party), party)
            there = contact_matching.choose_party(ours, party, self._taken_parties(work, ours))
            if there:
                self._store(self._store_party_there, work, partner.id, there)
                return
        self._store(self._store_party_not_there, work)

    @staticmethod
    def _with_our_number(found, party):
        return [one for one in found if one.party.external_number == party.external_number]

    def _store_party_there(self, work, partner_id, stored):
        """Found: whoever waits for it goes on."""
        self._store_party(work, partner_id, stored, None, False)
        self._store_look_later(self.env._("It is there; it is brought up to date a little later."))
        self._release_held()

    def _store_party_not_there(self, work):
        self._store_not_there(work)
        if self.state != "unknown" and work.arriving.get(self.res_id) == self.id:
            del work.arriving[self.res_id]

    def _end_party(self, partner):
        """What failed because of the contact goes again."""
        self._end("done")
        partner._accountable_cause_removed(accepted=True)

    # Files

    def _send_file(self, work):
        """Attach those files of a document that are not there yet. A file problem never undoes a
        booking, nor holds up another file; a file that was refused waits for a person."""
        facts = self._read_facts(work)
        if not self._may_go(facts):
            return
        if not facts.external_key:
            self._wait_for_document()
            return
        move = self.env["account.move"].browse(self.res_id)
        files, notes = self.env["accountable.document"]._files(move)
        done = self._bound_files(work, files)
        if not work.capabilities.files_afterwards:
            files = ()
        place, notes, refused = facts.file_place or "", list(notes), None
        empty = len(notes)
        for file in files:
            if file.key in done:
                continue
            if sentence := self._refused_before(file):
                notes.append(sentence)
                continue
            try:
                place = self._attach(work, facts.external_key, file, place)
            except DataRefusedError as error:
                self.env.cr.rollback()
                work.calling = False
                sentence = self._file_sentence(work, file, error)
                notes.append(sentence)
                self._store(self._store_refused_file, file, sentence)
                refused = error
        if refused and len(notes) == 1:
            raise refused
        if notes:
            code = "empty_file" if len(notes) == empty else "file_refused"
            raise NotSent(DATA_REFUSED, code, " ".join(notes), (self.res_model, self.res_id))
        self._store(self._end, "done")

    def _file_sentence(self, work, file, error):
        connection = self.env["accountable.connection"].browse(work.connection_id)
        return f"{file.name}: {connection._error_sentence(error)}"

    def _refused_before(self, file):
        """Why the package did not take this file as it is, "" when it was not refused."""
        checksum, sentence = ((self.content or {}).get("refused") or {}).get(file.key, ("", ""))
        return sentence if checksum == file.checksum else ""

    def _store_refused_file(self, file, sentence):
        content = self.content or {}
        refused = {**(content.get("refused") or {}), file.key: [file.checksum, sentence]}
        self.content = {**content, "refused": refused}

    def _attach(self, work, document_key, file, place):
        """Attach one file; gives the place the files of the booking hang in. Commits."""
        tried = self._tried_files()
        self._store(
            self.write,
            {
                "state": "sending",
                "sent_at": fields.Datetime.now(),
                "content": {**(self.content or {}), "tried": sorted({*tried, file.key})},
            },
        )
        work.check_lock()
        work.calling = True
        with self._within_limit(work, "file"):
            found = work.package.attach_file(
                document_key, file, place=place, again=file.key in tried
            )
        work.calling = False
        self._store(self._store_attached, work, document_key, file, place, found)
        return found or place

    def _tried_files(self):
        """Keys of the files this item sent before, whatever became of them."""
        return set((self.content or {}).get("tried") or ())

    def _store_attached(self, work, document_key, file, known_place, place):
        self._bind_file(work, document_key, file.key, file.name, file.checksum)
        if place and place != known_place:
            binding = self.env["accountable.binding"]._find(
                work.connection_id, "document", self.res_model, self.res_id
            )
            if binding:
                binding.details = {**(binding.details or {}), "file_place": place}

    def _wait_for_document(self):
        document = self.search(
            [
                ("connection_id", "=", self.connection_id.id),
                ("res_model", "=", self.res_model),
                ("res_id", "=", self.res_id),
                ("operation", "=", "document"),
                ("state", "in", ("pending", "sending", "unknown", "failed")),
            ],
            limit=1,
        )
        if document:
            raise Held(document.id, self.env._("It follows when the document is booked."))
        self._store(self._end_skipped, "replaced")

    def _bound_files(self, work, files):
        """Keys of the files that are in the administration."""
        ids = [int(file.key.partition(",")[2]) for file in files]
        bindings = self.env["accountable.binding"].search(
            [
                ("connection_id", "=", work.connection_id),
                ("kind", "=", "file"),
                ("res_model", "=", "ir.attachment"),
                ("res_id", "in", ids),
            ]
        )
        return {f"ir.attachment,{binding.res_id}" for binding in bindings}

    def _bind_file(self, work, document_key, file_key, name, checksum):
        model, _comma, id_ = file_key.partition(",")
        self.env["accountable.binding"]._bind(
            work.connection_id,
            "file",
            model,
            int(id_),
            {
                "external_key": f"{document_key}#{file_key}",
                "number": name,
                "fingerprint": checksum,
            },
        )
        work.counts.files_sent += 1

    def _enqueue_rest_of_files(self, work, sent):
        """The files that could not go with the booking follow by themselves, in an item of their
        own that also says which ones cannot.

        :param sent: the files that went with the booking just now
        """
        prepared = work.prepared.get(self.res_id)
        if self.operation != "document" or not prepared:
            return
        left = []
        if len(sent) < len(prepared.files) and work.capabilities.files_afterwards:
            known = self._bound_files(work, prepared.files)
            left = [file for file in prepared.files if file.key not in known]
        if left or prepared.file_notes:
            move = self.env["account.move"].browse(self.res_id)
            move._accountable_enqueue_files(work.connection_id)

    def _settle_file(self, work):
        """Once it can arrive no more, it goes again where the package looks for the file first.
        Else a person looks: two of it do less harm than none, but nobody decides that alone."""
        if self._may_arrive_until():
            self._store_look_later(
                self.env._("No answer came while a file was sent, and it may still arrive.")
            )
            return
        self.write({"unanswered": False, "not_there_at": False})
        newer = self._waiting_twin()
        if newer:
            # what this one tried, the newer one would send a second time
            tried = self._tried_files() | newer._tried_files()
            newer.content = {**(newer.content or {}), "tried": sorted(tried)}
        if work.capabilities.finds_files:
            self._make_pending()
            return
        if newer:
            newer.write(self._lost_file())
            self._end("skipped", skip_reason="replaced")
            return
        self.write(self._lost_file())
        self._release_held()

    def _lost_file(self):
        return {
            "state": "failed",
            "error_kind": OUTCOME_UNKNOWN,
            "next_try": False,
            "held_by_id": 0,
            "message": self.env._(
                "No answer came while a file was sent. Look whether it is there, then press Retry"
                " or Skip."
            ),
        }
