"""What a package refused is not sent again by itself: packages block who makes too many errors."""

from dataclasses import replace
from datetime import timedelta

from odoo import fields, models

from ...api.errors import DATA_REFUSED, DUPLICATE, DataRefusedError
from .work import NotSent, RefusedParty

# For so long another document does not send a refused party again: packages count refusals by the
# hour, and what is wrong may be put right over there.
REFUSAL_LASTS = timedelta(hours=1)


class AccountableJob(models.Model):
    _inherit = "accountable.job"

    def _prefetch_refused_parties(self, work):
        """What the package refused of the parties of a batch, as the failed items hold it."""
        work.refused_parties.clear()
        ids = {
            self._party_partner_id(work, prepared.document.party)
            for prepared in work.prepared.values()
            if prepared.document
        }
        failed = self.search_fetch(
            [
                ("connection_id", "=", work.connection_id),
                ("state", "=", "failed"),
                # what an update of the contact met may be a contact person only
                ("operation", "=", "document"),
                ("refused_at", ">", fields.Datetime.now() - REFUSAL_LASTS),
                ("cause_model", "=", "res.partner"),
                ("cause_id", "in", list(ids)),
                ("error_kind", "=", DATA_REFUSED),
            ],
            ["cause_id", "refused_fingerprint", "refused_at", "error_code", "message"],
            order="refused_at",
        )
        for job in failed:
            work.refused_parties[job.cause_id] = RefusedParty(
                job.refused_fingerprint, job.refused_at, job.error_code, job.message
            )

    def _check_not_refused(self, work, partner_id, party):
        """A party is refused once an hour, however many documents it has: packages block who goes
        on. A person may ask again, by the item of the contact or by Retry."""
        refused = work.refused_parties.get(partner_id)
        if self.operation == "party" or not refused:
            return
        if refused.fingerprint == party.fingerprint():
            raise NotSent(
                DATA_REFUSED,
                refused.code,
                refused.sentence,
                ("res.partner", partner_id),
                refused=refused,
            )

    def _save_party(self, work, party, key, sent):
        """Save a party; for a document without what no booking needs, where the package refuses it
        with that. An item of the contact tries again then, and says what is wrong."""
        try:
            return work.package.save_party(party, key, sent=sent)
        except DataRefusedError as error:
            needed = party.without_details()
            if self.operation == "party" or error.code == error.PARTY_GONE or needed == party:
                raise
            refused = error
        stored = work.package.save_party(needed, key, sent=sent)
        return replace(stored, party=party, contacts_problem=stored.contacts_problem or refused)

    def _remember_refused_party(self, work, error, sentence):
        """The party the package refused, so that only something else is sent again; None for
        another error.

        :param PackageError error: what was answered to the party, or to a document because of it
        """
        prepared = work.prepared.get(self.res_id)
        document = prepared and self.operation == "document" and prepared.document
        party = error.refused_party or (document and document.party)
        concerns_party = error.values.get("concerns") == "party"
        if not party or not concerns_party or error.kind not in (DATA_REFUSED, DUPLICATE):
            return None
        now = fields.Datetime.now()
        refused = RefusedParty(party.fingerprint(), now, error.code, sentence)
        if document and error.kind == DATA_REFUSED:
            work.refused_parties[self._party_partner_id(work, party)] = refused
        return refused

    def _forget_refusals(self):
        """A person wants them sent again as they are, and what waits for the same contact."""
        for job in self.filtered(lambda job: job.operation == "file" and job.content):
            job.content = {name: one for name, one in job.content.items() if name != "refused"}
        parties = self.filtered(lambda job: job.refused_fingerprint)
        for connection, jobs in parties.grouped("connection_id").items():
            self.search(
                [
                    ("connection_id", "=", connection.id),
                    ("refused_fingerprint", "!=", False),
                    ("cause_model", "=", "res.partner"),
                    ("cause_id", "in", jobs.mapped("cause_id")),
                ]
            ).write({"refused_fingerprint": False, "refused_at": False})

    def _refused_again(self):
        """Those whose contact is still as the administration refused it. A contact may have
        hundreds of documents: it is built once for all that need it in the same way."""
        alike = self.filtered("refused_fingerprint").grouped(
            lambda job: (
                job.operation,
                job.connection_id,
                job.cause_id,
                job.refused_fingerprint,
                (job.document_kind or "").startswith("sale"),
            )
        )
        again = [jobs for jobs in alike.values() if jobs[:1]._would_be_refused_again()]
        return self.browse().union(*again)

    def _would_be_refused_again(self):
        parties = self.env(su=True, context={})["accountable.party"]
        connection = parties.env["accountable.connection"].browse(self.connection_id.id)
        if self.operation == "party":
            partner = parties.env["res.partner"].browse(self.res_id).exists()
            party = partner and parties._build(connection, partner)
        else:
            move = parties.env["account.move"].browse(self.res_id).exists()
            party = move and parties._of_document(connection, move)
        return bool(party) and party.fingerprint() == self.refused_fingerprint
