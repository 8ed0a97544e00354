"""The e-mail in which a batch goes: what it says, from whom and to whom."""

from odoo import models

from ...api.channels.contract import ChannelError, Letter
from ...api.texts import clean
from ...documents.sentence import Label, SentencesOf
from ..sentence import written_for

_lt = SentencesOf(__name__)


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    def _letter(self, batch, mark):
        """The :class:`Letter` of one try. Addons whose receivers want other words, or another
        address, change it.

        :param batch: a closed batch, with the rights of the engine
        :param mark: unique for the try: so is the Message-ID, and a bounce tells which one came
            back
        :raises ChannelError: an address is missing
        """
        self.ensure_one()
        recipient = self._mail_recipient(batch)
        if not self.mail_from or not recipient:
            raise ChannelError("An address is missing", code="mail_not_written")
        subject, body = self._letter_words(batch)
        return Letter(
            message_id=message_id_of(mark, self.mail_from),
            sender=self.mail_from.strip(),
            recipient=recipient.strip(),
            subject=subject,
            body=body,
        )

    def _mail_recipient(self, batch):
        """The address of a batch, capitals and all: bills may have one of their own."""
        kinds = set(batch._standing().mapped("document_kind"))
        is_bill = bool(kinds) and all((kind or "").startswith("purchase") for kind in kinds)
        return (self.mail_to_bills if is_bill else False) or self.mail_to

    def _letter_words(self, batch):
        """``(subject, body)``, one line each, in the language of the company: those who keep its
        books read it."""
        items = batch._standing()
        company = self.company_id
        values = {"company": company.name, "name": batch.name}
        if len(items) == 1 and self._goes_apart():
            values["kind"] = Label(items._name, "document_kind", items.document_kind)
            values["name"] = items.name
            subject = _lt("%(kind)s %(name)s – %(company)s", **values)
            body = _lt("Attached: %(kind)s %(name)s of %(company)s.", **values)
        else:
            subject = _lt("Batch %(name)s – %(company)s", **values)
            body = _lt("Attached: batch %(name)s of %(company)s.", **values)
        return tuple(
            clean(" ".join(written_for(company.partner_id, one).split())) for one in (subject, body)
        )


def message_id_of(mark, sender):
    """A Message-ID with its angle brackets, of the domain of the sender: unique, and nobody who did
    not get the mail guesses it."""
    domain = sender.strip().rpartition("@")[2].rstrip(">")
    try:
        domain = domain.encode("idna").decode()
    except UnicodeError:
        domain = ""
    return f"<accountable.{mark}@{domain or 'localhost'}>"
