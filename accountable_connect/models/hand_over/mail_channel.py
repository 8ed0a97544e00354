"""E-mail as the channel of a connection."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import email_normalize

from ...api.channels.addresses import address_problem
from ...api.channels.contract import ChannelError
from ...api.channels.mail import MailChannel
from ..connection.server_configuration import call_bounds
from ..sentence import in_language
from .channel_sentences import channel_sentence
from .post import Post


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    mail_from = fields.Char(
        compute="_compute_mail_from", store=True, readonly=False, precompute=True
    )
    mail_seen_from = fields.Char(
        compute="_compute_mail_seen",
        string="Receivers see",
        help="The sender as it leaves Odoo: its mail servers may put another one in the place of"
        " the one that is typed.",
    )
    mail_seen_differs = fields.Boolean("Another sender is seen", compute="_compute_mail_seen")
    mail_problem = fields.Char("What is wrong with e-mail", compute="_compute_mail_seen")
    mail_bounces = fields.Char(
        compute="_compute_mail_seen",
        string="Mails that come back",
        help="Whether Odoo learns that an e-mail could not be delivered and came back.",
    )

    @api.depends("company_id")
    def _compute_mail_from(self):
        """The address of its own company, where it is a plain one: some have a name, or several."""
        for connection in self:
            address = (connection.company_id.email or "").strip()
            connection.mail_from = not address_problem(address) and address

    @api.depends("channel", "mail_from", "company_id")
    @api.depends_context("lang")
    def _compute_mail_seen(self):
        for connection in self:
            seen, problem, bounces = False, False, False
            if connection.channel == "mail" and not address_problem(connection.mail_from):
                post = Post(connection.company_id)
                try:
                    seen, envelope = post.seen(connection.mail_from)
                    bounces = connection._bounces_in_words(post, envelope)
                except ChannelError as error:
                    problem = in_language(self.env, channel_sentence(error))
            connection.mail_seen_from = seen
            connection.mail_seen_differs = bool(seen) and email_normalize(seen) != email_normalize(
                connection.mail_from
            )
            connection.mail_problem = problem
            connection.mail_bounces = bounces

    def _bounces_in_words(self, post, envelope):
        """Whether Odoo learns of what comes back, as far as that can be known.

        :param envelope: the address that the receiver's server sends it to
        """
        bounce = post.domain.bounce_email
        if not bounce:
            return self.env._(
                "Odoo has no address for mails that come back (an alias domain): they go to"
                " %(address)s, and Odoo does not learn of them.",
                address=envelope,
            )
        if email_normalize(envelope) != email_normalize(bounce):
            return self.env._(
                "The mail server of Odoo allows no other sender: mails that come back go to"
                " %(address)s and not to %(bounce)s, so Odoo does not learn of them.",
                address=envelope,
                bounce=bounce,
            )
        # managers of accounting packages read no incoming mail servers
        if not self.env["fetchmail.server"].sudo().search_count([("state", "=", "done")], limit=1):
            return self.env._(
                "Mails that come back go to %(bounce)s. No incoming mail server is set up in Odoo:"
                " ask its administrator whether mails to this address reach it in another way.",
                bounce=bounce,
            )
        return self.env._(
            "Mails that come back go to %(bounce)s, and Odoo fetches its mails: it learns of them"
            " where that mailbox is among them.",
            bounce=bounce,
        )

    @api.constrains("mail_from", "mail_to", "mail_to_bills")
    def _check_mail_addresses(self):
        for connection in self:
            for name in ("mail_from", "mail_to", "mail_to_bills"):
                if connection[name] and address_problem(connection[name]):
                    raise ValidationError(
                        self.env._(
                            "“%(address)s” is no e-mail address: it takes one, as box@example.com.",
                            address=connection[name],
                        )
                    )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([_stripped(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(_stripped(vals))

    # The channel

    def _mail_channel(self, _place):
        post = Post(self.company_id)
        limits = [self._largest_mail(), post.largest(self.mail_from)]
        bounds = call_bounds(self.env.context.get("accountable_calls_until"))
        return MailChannel(post, min(filter(None, limits), default=0), bounds.until)

    def _largest_mail(self):
        """Bytes of a whole e-mail that the receiver takes, 0 where it names no limit. Addons that
        know it say it."""
        return 0

    def _mail_place(self):
        return False

    def _mail_in_words(self):
        # where they really go, with what the receiver wants in them
        addresses = self._mail_addresses()
        return self.env._("e-mail to %(addresses)s", addresses=", ".join(addresses) or "?")

    def _mail_same_place(self):
        return []  # a receiver tells companies apart by what is in an e-mail, or by its address

    def _mail_gaps(self):
        gaps = []
        if not self.mail_from:
            gaps.append(self.env._("Type the sender of the e-mails."))
        if not self.mail_to:
            gaps.append(self.env._("Type the address of the receiver, exactly as you got it."))
        if self.mail_problem:
            gaps.append(self.mail_problem)
        return gaps


def _stripped(vals):
    """Addresses as they were pasted, without what surrounds them; their capitals stay."""
    names = ("mail_from", "mail_to", "mail_to_bills")
    return {
        name: value.strip() if name in names and isinstance(value, str) else value
        for name, value in vals.items()
    }
