"""The step *Hand-over*: how documents reach the accountant where the package takes files."""

from odoo import api, fields, models

from ..sentence import in_language
from .checklist import Line


class AccountableSetUp(models.AbstractModel):
    _inherit = "accountable.set.up"

    def _hand_over_gaps(self, connection):
        """Sentences about what is still to be chosen before anything can be handed over. Package
        addons add theirs."""
        return connection._of_channel("gaps")

    def _hand_over_lines(self, connection):
        """The lines of the summary, and what is missing."""
        if not connection.hands_over:
            return
        for sentence in self._hand_over_gaps(connection):
            yield Line("missing", sentence, step="hand_over")
        closes = dict(connection._fields["batch_closes"]._description_selection(self.env))
        sentence = self.env._(
            "%(receiver)s: %(channel)s. A batch closes: %(closes)s.",
            receiver=connection.administration_name or connection.name,
            channel=connection._of_channel("in_words"),
            closes=closes[connection.batch_closes],
        )
        yield Line("good", sentence, step="hand_over")
        withheld = self.env["accountable.withheld"]
        sales, bills = self.env._("Sales invoices"), self.env._("Bills")
        for name, kind, subject in (
            ("sales_given", "sale", sales),
            ("bills_given", "purchase", bills),
        ):
            if reason := withheld._reason_of_kind(connection, kind):
                yield Line("good", in_language(self.env, reason), step="hand_over")
                continue
            if connection[name] == "not_peppol":
                sentence = self.env._(
                    "%(subject)s: only what did not travel by Peppol goes.", subject=subject
                )
            else:
                sentence = self.env._("%(subject)s: everything goes from here.", subject=subject)
            yield Line("good", sentence, step="hand_over")
        if not self.env["accountable.sending.plan"]._kinds(connection):
            sentence = self.env._("No kind of document goes: nothing would be handed over.")
            yield Line("missing", sentence, step="hand_over")


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    folder_choice = fields.Selection(
        selection="_folder_choices",
        compute="_compute_folder_choice",
        inverse="_inverse_folder_choice",
        string="Put in",
        help="The administrator of the server says in its configuration below which folder.",
    )
    has_folders = fields.Boolean(compute="_compute_folder_choice")
    folder_shared = fields.Char(compute="_compute_folder_shared")

    def _fields_of_people(self):
        return super()._fields_of_people() | {"folder_choice"}

    @api.model
    def _folder_names(self):
        """Those that the server's configuration offers."""
        return list(self._hand_over_folders())

    @api.model
    def _folder_choices(self):
        return [(name, name) for name in self._folder_names()]

    @api.depends("folder", "channel")
    def _compute_folder_choice(self):
        names = self._folder_names()
        for connection in self:
            connection.folder_choice = connection.folder if connection.folder in names else False
            connection.has_folders = bool(names)

    def _inverse_folder_choice(self):
        for connection in self:
            connection.folder = connection.folder_choice

    @api.depends("folder", "channel", "sftp_server_id", "sftp_folder")
    @api.depends_context("lang", "uid", "allowed_company_ids")
    def _compute_folder_shared(self):
        """Whose files lie in the same folder: a warning, as some receivers want it so."""
        for connection in self:
            # of every company of this server
            others = self.sudo().browse()
            if same := connection._of_channel("same_place"):
                domain = [
                    *same,
                    ("channel", "=", connection.channel),
                    ("id", "not in", connection._origin.ids),
                ]
                others = others.search(domain).filtered("hands_over")
            connection.folder_shared = bool(others) and self.env._(
                "Another connection puts its files in this folder too%(names)s. Choose another"
                " folder, unless who fetches them tells the companies apart.",
                names=self._names_of_readable(others),
            )

    def _names_of_readable(self, connections):
        """`` (names)`` of those that this person may see, "" for none."""
        names = connections.sudo(False)._filtered_access("read").mapped("name")
        return f" ({', '.join(names)})" if names else ""
