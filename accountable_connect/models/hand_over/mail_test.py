"""Tests of the way by e-mail: to oneself, and to the receiver."""

import hashlib
import secrets
from io import BytesIO
from textwrap import wrap

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import email_normalize
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from ...api.channels.addresses import address_problem
from ...api.channels.contract import ChannelError, Letter, Shipment, ShippedFile
from .channel_sentences import channel_sentence
from .letter import message_id_of


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    def _mail_try(self):
        """To the user's own address: what a receiver would get, with a page marked TEST."""
        address = email_normalize(self.env.user.email)
        if address_problem(address):
            raise UserError(
                self.env._(
                    "Your user has no e-mail address to which the test could go. Enter it in your"
                    " preferences, at the top right."
                )
            )
        seen = self._send_test(
            address,
            self.env._(
                "Receivers see %(sender)s as its sender.", sender=self.mail_seen_from or "?"
            ),
        )
        return self.env._(
            "A test went to %(address)s. Receivers see %(sender)s as its sender.",
            address=address,
            sender=seen,
        )

    def action_send_test_to_receiver(self):
        """A page marked TEST in each box of the receiver, where it becomes a document."""
        self.ensure_one()
        self.check_access("write")
        if not self.mail_to:
            raise UserError(self.env._("Type the address of the receiver, exactly as you got it."))
        addresses = dict.fromkeys(filter(None, (self.mail_to, self.mail_to_bills)))
        try:
            for address in addresses:
                self._send_test(address)
        except ChannelError as error:
            raise UserError(channel_sentence(error)) from error
        return self._notify(
            self.env._(
                "A page marked TEST went to %(address)s. Ask the receiver whether it is there, and"
                " to delete it.",
                address=", ".join(addresses),
            )
        )

    def _send_test(self, address, *notes):
        """Send a page marked TEST; gives the sender that was really used. Raises ChannelError.

        :param notes: sentences that stand in the e-mail only
        """
        self._check_is_original()
        channel = self._mail_channel(False)
        shipment = self._test_shipment(address, *notes)
        try:
            written = channel.write(shipment)
            channel.publish(shipment, written, first=True)
        finally:
            channel.close()
        return written["sent_from"]

    def _test_shipment(self, address, *notes):
        if not self.mail_from:
            raise ChannelError("No sender", code="mail_not_written")
        company = self.company_id.name
        title = self.env._("TEST from %(company)s", company=company)
        body = self.env._(
            "This is a test of the way from %(company)s to its accountant. It is no invoice:"
            " nothing has to be booked, and it may be deleted.",
            company=company,
        )
        content = _page(self.env._("TEST"), title, body)
        letter = Letter(
            message_id=message_id_of(secrets.token_hex(8), self.mail_from),
            sender=self.mail_from,
            recipient=address,
            subject=title,
            body="\n\n".join((body, *notes)),
        )
        file = ShippedFile(
            name="TEST.pdf",
            media_type="application/pdf",
            size=len(content),
            checksum=hashlib.sha256(content).hexdigest(),
            chunks=lambda: iter([content]),
        )
        return Shipment(name="TEST", mark="test", files=(file,), letter=letter)


def _page(mark, title, text):
    """A PDF of one page: a mark nobody overlooks, and what it is."""
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=A4)
    width, height = A4
    canvas.setTitle(title)
    canvas.setFont("Helvetica-Bold", 90)
    canvas.drawCentredString(width / 2, height - 250, mark)
    canvas.setFont("Helvetica", 12)
    lines = canvas.beginText(70, height - 330)
    for line in wrap(text, 75):
        lines.textLine(line)
    canvas.drawText(lines)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()
