"""What a person is told of the receiver before anything goes: nothing here holds up the start but
an address that is missing."""

from odoo import api, fields, models
from odoo.addons.accountable_connect.models.actionable import actionable, in_order
from odoo.addons.accountable_connect.models.set_up.checklist import Line

from ..api.letter import given_word, looks_like
from ..api.profile_file import WAYS

SALES, BILLS = {"sale", "sale_refund"}, {"purchase", "purchase_refund"}


class AccountableSetUp(models.AbstractModel):
    _inherit = "accountable.set.up"

    def _hand_over_gaps(self, connection):
        gaps = super()._hand_over_gaps(connection)
        receiver = self._receiver(connection)
        if receiver.address_per_kind and connection.channel == "mail":
            kinds = self.env["accountable.sending.plan"]._kinds(connection)
            if kinds & SALES and kinds & BILLS and not connection.mail_to_bills:
                sentence = self.env._(
                    "Give the address for bills too: %(receiver)s has one for sales and one for"
                    " bills.",
                    receiver=receiver.name,
                )
                gaps = [*gaps, sentence]
        return gaps

    def _hand_over_lines(self, connection):
        yield from super()._hand_over_lines(connection)
        for sentence in self._receiver_warnings(connection):
            yield Line("warning", sentence, step="hand_over")

    def _receiver(self, connection):
        # what a receiver takes, whoever may see its row; nothing of another package
        receiver = connection.sudo().ubl_profile_id
        return receiver if connection.package == "ubl" else receiver.browse()

    def _receiver_warnings(self, connection):
        """Sentences about what does not fit the receiver, or has to be done there first."""
        receiver = self._receiver(connection)
        if not receiver:
            return []
        warnings = list(self._way_warnings(connection, receiver))
        if connection.channel == "mail":
            warnings += self._mail_warnings(connection, receiver)
        return warnings

    def _way_warnings(self, connection, receiver):
        labels = {way: receiver._fields[way]._description_string(self.env) for way in WAYS}
        way = f"takes_{connection.channel}"
        if way not in labels or receiver[way]:
            return
        known = [label for way, label in labels.items() if receiver[way]]
        values = {"receiver": receiver.name, "known": ", ".join(known)}
        if way == "takes_mail":
            yield self.env._(
                "%(receiver)s publishes no e-mail address for documents. Known ways: %(known)s. Ask"
                " your accountant before you start.",
                **values,
            )
        else:
            yield self.env._(
                "It is not known whether %(receiver)s takes documents this way. Known ways:"
                " %(known)s."
                " Ask your accountant before you start.",
                **values,
            )

    def _mail_warnings(self, connection, receiver):
        rules = receiver._mail_rules()
        addresses = dict.fromkeys(filter(None, (connection.mail_to, connection.mail_to_bills)))
        for address in addresses:
            patterns = [one for one in (rules.address_pattern, rules.shared_address) if one]
            if rules.address_pattern and not any(looks_like(one, address) for one in patterns):
                yield self.env._(
                    "%(address)s does not look like an address of %(receiver)s (%(pattern)s): look"
                    " whether it was copied whole.",
                    address=address,
                    receiver=receiver.name,
                    pattern=rules.address_pattern,
                )
            if word := given_word(rules, address):
                yield self.env._(
                    "%(address)s ends in the word “%(word)s”, which stays: without it, %(receiver)s"
                    " files sales and bills apart.",
                    address=address,
                    word=word,
                    receiver=receiver.name,
                )
        if rules.address_per_kind and len(addresses) == 1 and connection.mail_to_bills:
            yield self.env._(
                "Sales and bills go to the same address, and %(receiver)s has one for each.",
                receiver=receiver.name,
            )
        if receiver.forwards_to_customer:
            yield self.env._(
                "Give the address for bills (purchases): what comes to its address for sales,"
                " %(receiver)s sends on to the customers.",
                receiver=receiver.name,
            )
        if rules.knows_senders and (sender := self._sender_shown(connection)):
            yield self.env._(
                "Tell %(receiver)s to take e-mails from %(sender)s before you start: those of"
                " senders it does not know do not arrive.",
                receiver=receiver.name,
                sender=sender,
            )

    def _sender_shown(self, connection):
        """The address that the receiver sees."""
        return connection.mail_seen_from or connection.mail_from or ""


class AccountableWithheld(models.AbstractModel):
    _inherit = "accountable.withheld"

    def _given_twice(self, connection):
        """Of a receiver in which Odoo books too it is certain that both reach one program."""
        for other, sentence in super()._given_twice(connection):
            yield other, self._same_program(connection, other) or sentence

    def _same_program(self, connection, other):
        # what a receiver is, whoever may see its row
        for delivers, books in ((connection.sudo(), other), (other.sudo(), connection)):
            receiver = delivers.ubl_profile_id
            if delivers.package == "ubl" and receiver.package == books.package:
                return self.env._(
                    "%(connection)s reaches the program to which the documents for %(receiver)s go"
                    " too: what goes both ways is there twice. Let only one connection send each"
                    " kind.",
                    connection=books.name,
                    receiver=receiver.name,
                )
        return ""


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    ubl_notes = fields.Text(related="ubl_profile_id.notes", string="What is known")
    ubl_warnings = fields.Json("Warnings about the receiver", compute="_compute_ubl_warnings")

    @api.depends(
        "package",
        "ubl_profile_id",
        "channel",
        "mail_from",
        "mail_to",
        "mail_to_bills",
        "company_id",
    )
    @api.depends_context("lang", "uid")
    def _compute_ubl_warnings(self):
        set_up = self.env["accountable.set.up"]
        for connection in self:
            warnings = set_up._receiver_warnings(connection) if connection.channel else []
            connection.ubl_warnings = in_order(actionable("warning", one) for one in warnings)
