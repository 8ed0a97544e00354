"""The e-mail in which a document goes, as its receiver asks for it."""

from dataclasses import replace

from odoo import models
from odoo.addons.accountable_connect.api.channels.contract import ChannelError
from odoo.addons.accountable_connect.documents.sentence import filled
from odoo.addons.accountable_connect.models.sentence import in_language
from odoo.exceptions import UserError

from ..api import letter as letters
from ..api.letter import Facts
from ..api.names import TYPES
from ..api.profile_file import MEGABYTE
from ..sentences import SENTENCES
from .delivery_facts import XML


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    def _receiver_profile(self):
        """The plain profile of its receiver, as it takes documents the way they go."""
        # superuser: whoever checks a document need not read receivers
        profile = self.sudo().ubl_profile_id._as_profile()
        return profile.by_mail() if self.sudo().channel == "mail" else profile

    def _mail_address(self, kind):
        """The address that a person gave for a kind of documents, "" where none goes by e-mail."""
        connection = self.sudo()  # whoever checks a document need not read the connection
        if connection.channel != "mail":
            return ""
        bills = letters.is_bill(kind) and connection.mail_to_bills
        return bills or connection.mail_to or ""

    def _letter(self, batch, mark):
        letter = super()._letter(batch, mark)
        item = batch._standing()[:1]  # a document by e-mail is a batch of its own
        if not self.ubl_profile_id or not item:
            return letter
        rules = self._receiver_profile().mail
        self._check_shared_address(rules, letter.recipient, item)
        facts = Facts(
            kind=item.document_kind or "",
            number=item.name,
            company=self.company_id.name,
            party=item.partner_name or "",
        )
        return replace(
            letter,
            recipient=letters.recipient(rules, facts.kind, letter.recipient),
            subject=letters.subject(rules, facts, letter.subject),
            body=letters.body(rules, facts, letter.body),
        )

    def action_send_test_to_receiver(self):
        """Not to the address of all companies: whose the page is, nobody there would know."""
        pattern = self._receiver_profile().mail.shared_address if self.ubl_profile_id else ""
        if pattern and self.mail_to and letters.looks_like(pattern, self.mail_to):
            values = {"address": self.mail_to, "name": "TEST.pdf"}
            sentence = filled(SENTENCES["shared_address"], values)
            raise UserError(in_language(self.env, sentence))
        return super().action_send_test_to_receiver()

    def _check_shared_address(self, rules, address, item):
        """The address may be another one than when the batch closed.

        :raises ChannelError: the receiver would not know whose document it is
        """
        pattern = rules.shared_address
        files = item.file_ids
        if not (pattern and letters.looks_like(pattern, address)) or XML in files.mapped(
            "media_type"
        ):
            return
        error = ChannelError("No e-invoice for an address of all", code="shared_address")
        values = {"address": address, "name": files[:1].name or item.name}
        error.sentence = filled(SENTENCES["shared_address"], values)
        raise error

    def _mail_addresses(self):
        """Where its e-mails really go, by which they are counted."""
        given = super()._mail_addresses()
        if not self.ubl_profile_id:
            return given
        rules = self._receiver_profile().mail
        real = {letters.recipient(rules, kind, one) for kind in TYPES for one in given}
        return sorted(real)

    def _mail_limits(self):
        if not self.ubl_profile_id:
            return super()._mail_limits()
        receiver = self.ubl_profile_id
        return receiver.mails_per_hour, receiver.mails_per_day

    def _largest_mail(self):
        if not self.ubl_profile_id:
            return super()._largest_mail()
        return int(self.ubl_profile_id.largest_mail_mb * MEGABYTE)
