"""E-mails that are really sent, to a postbox on this machine and to nobody else."""

import smtplib
from email import message_from_bytes
from email.policy import SMTP
from unittest import SkipTest

from .common_hand_over import HandOverCase

THIS_MACHINE = "127.0.0.1"


def send_on_this_machine(case):
    """Odoo sends e-mails for the rest of a test, and any server but one on this machine is refused
    before anything is said to it.

    :param case: an Odoo test
    """
    original = smtplib.SMTP.connect

    def connect(session, host="localhost", port=0, *arguments, **options):
        if host != THIS_MACHINE:
            raise AssertionError(f"A test sends nothing to {host}.")
        return original(session, host, port, *arguments, **options)

    case.patch(smtplib.SMTP, "connect", connect)
    case.patch(case.registry["ir.mail_server"], "_disable_send", lambda _self: False)


class PostboxCase(HandOverCase):
    """A connection that hands over to ``address``, a box of ``postbox``; ``mail_server`` is Odoo's
    only one, and leads there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        try:
            from sandbox.postbox import serve
        except ImportError as error:  # an addon that is installed alone has no sandboxes
            raise SkipTest("The sandboxes are not here.") from error
        cls.postbox = serve(watching=False)
        cls.enterClassContext(cls.postbox)
        cls.env["ir.mail_server"].sudo().search([]).active = False
        cls.mail_server = (
            cls.env["ir.mail_server"]
            .sudo()
            .create({"name": "Postbox", "smtp_host": THIS_MACHINE, "smtp_encryption": "none"})
        )
        cls.mail_server.smtp_port = cls.postbox.smtp_port
        cls.company.alias_domain_id = False
        cls.address = "0999999031-80004-Verkoop@claes.clearfacts.sandbox"
        cls.env.user.email = "mia@garage.example"

    def setUp(self):
        super().setUp()
        send_on_this_machine(self)
        self.postbox.postbox.reset()
        self.connection.write(
            {"channel": "mail", "mail_from": "Boeken@garage.example", "mail_to": self.address}
        )

    def have_domain(self, name, default_from="notifications"):
        """The company's e-mails come back to this domain."""
        domains = self.env["mail.alias.domain"].sudo()
        domain = domains.search([("name", "=", name)]) or domains.create({"name": name})
        domain.default_from = default_from
        self.company.alias_domain_id = domain
        return domain

    def mails(self):
        """Those that arrived, each as ``(row, message)``; the first one first."""
        return [
            (row, message_from_bytes(self.postbox.mail(row["id"]), policy=SMTP))
            for row in self.postbox.mails()
        ]

    def mail(self):
        """The only one."""
        [found] = self.mails()
        return found
