"""What is wrong with a mapping, a connection, a document or a contact, on its own form."""

from odoo import api, fields, models

from ..actionable import actionable, in_order
from .account_move_export_state import USER
from .cause import Way

# Of items that say the same, one is read.
SENTENCES_SHOWN = 3


class AccountableJob(models.Model):
    _inherit = "accountable.job"

    def _different_messages(self):
        """What these items say, each once, the first few."""
        return list(dict.fromkeys(filter(None, self.mapped("message"))))[:SENTENCES_SHOWN]

    def _way_to_list(self):
        """The :class:`Way` to these items of the queue."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "accountable_connect.accountable_job_action"
        )
        action.pop("help", None)  # as text it would show its tags
        action |= {"domain": [("id", "in", self.ids)], "context": {"create": False}}
        text = self.env._("Show it") if len(self) == 1 else self.env._("Show them")
        return Way(text, action)


class AccountableMapping(models.Model):
    _inherit = "accountable.mapping"

    alerts = fields.Json(compute="_compute_alerts", help="What is wrong, and what waits for it.")

    @api.depends("state", "reason", "warning", "master_data_id", "without_code", "enabled")
    @api.depends_context("lang", "uid", "allowed_company_ids")
    def _compute_alerts(self):
        for row in self:
            row.alerts = in_order([*row._alerts_of_row(), *row._alerts_of_queue()])

    def _alerts_of_row(self):
        """What is wrong with the row itself."""
        _ = self.env._
        entries = []
        if self.state == "broken":
            # what is gone cannot be confirmed
            choose = (
                _("Choose another counterpart, or confirm this one.")
                if self.master_data_id.active
                else _("Choose another counterpart; Propose looks for one.")
            )
            entries.append(actionable("danger", f"{self.reason or ''} {choose}".strip()))
        elif self.state == "proposed" and self.kind == "journal" and not self.enabled:
            entries.append(actionable("info", _("Documents of this journal are not sent.")))
        elif self.state == "proposed" and self._is_answered():
            message = _(
                "Nobody confirmed this counterpart yet. Press Confirm, or choose another one."
            )
            entries.append(actionable("warning", message))
        elif self.state == "proposed" and self._holds_back():
            message = _("It has no counterpart in the administration yet: choose one.")
            entries.append(actionable("danger", message))
        if self.warning:
            entries.append(actionable("warning", self.warning))
        if entries and not self.has_access("write"):
            hint = self.env["accountable.cause"]._way_to(self._name, self._origin.id).hint
            entries.append(actionable("info", hint))
        return entries

    def _alerts_of_queue(self):
        """What the package said of the row, and how many documents wait for it."""
        jobs = self._waiting_jobs()
        if not jobs:
            return []
        entries = []
        if self.state == "confirmed":
            entries += [actionable("danger", message) for message in jobs._different_messages()]
        count = len(jobs)
        message = (
            self.env._("One document waits for this mapping, and goes once it is put right.")
            if count == 1
            else self.env._(
                "%(count)s documents wait for this mapping, and go once it is put right.",
                count=count,
            )
        )
        way = jobs._way_to_list()
        return [*entries, actionable("info", message, way.text, way.action)]

    def _waiting_jobs(self):
        """The failed items that are due again when this row is put right, of those the reader
        sees."""
        row = self._origin
        if not row:
            return self.env["accountable.job"]
        condition = self.env["accountable.enqueueing"]._domain_of_cause(row.connection_id, row)
        return self.env["accountable.job"].search(
            [
                ("connection_id", "=", row.connection_id.id),
                ("state", "=", "failed"),
                *condition,
            ]
        )


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    alerts = fields.Json(compute="_compute_alerts", help="What is wrong with the connection.")

    @api.depends(
        *("state", "step", "problem_sentence", "wait_sentence", "copy_state", "copy_question"),
        "mapping_ids.state",
    )
    @api.depends_context("lang", "tz", "uid")
    def _compute_alerts(self):
        for connection in self:
            connection.alerts = in_order(connection._alerts())

    def _alerts(self):
        """Entries of the widget at the top of the form."""
        cause = self.env["accountable.cause"]
        way = self._way_to_sign_in()
        entries = []
        if self.problem_sentence:
            entries.append(cause._entry("danger", self.problem_sentence, way))
        if self.wait_sentence and self.wait_sentence != self.problem_sentence:
            way = way if self.state == "reconnect" else None
            entries.append(cause._entry("warning", self.wait_sentence, way))
        entries += self._alert_of_mappings()
        if self.copy_state in ("copied", "neutralized"):
            message = self.env._(
                "This database is a copy or neutralised: it sends nothing and asks nothing."
            )
            entries.append(actionable("warning", message))
        if self.copy_question:
            entries.append(actionable("danger", self.copy_question))
        return entries

    def _alert_of_mappings(self):
        """Why a connection in use says *Configuration needed*."""
        if self.state != "configuration_needed" or self.step != "done":
            return []
        # by its state: there may be thousands of mappings
        broken = self.env["accountable.mapping"].search(
            [("connection_id", "=", self._origin.id), ("state", "=", "broken")]
        )
        if not broken:
            return []
        message = self.env._(
            "The counterpart of %(names)s disappeared or changed in the administration; documents"
            " that use it wait.",
            names=", ".join(broken[:10].mapped("display_name")),
        )
        cause = self.env["accountable.cause"]
        way = cause._way_to(broken._name, broken[0].id)
        if len(broken) > 1 and way.action:
            action = {
                **way.action,
                "name": self.env._("Mappings"),
                "res_id": False,
                "domain": [("id", "in", broken.ids)],
                "views": [(False, "list"), (False, "form")],
            }
            way = Way(self.env._("Show them"), action, way.hint)
        return [cause._entry("danger", message, way)]

    def _way_to_sign_in(self):
        """Where what the last question met is put right, when it may be the sign-in."""
        is_doubtful = self.state == "reconnect" or self.sign_in_state != "valid"
        if not is_doubtful or not self.sign_in_id:
            return None
        return self.env["accountable.cause"]._way_to("accountable.sign.in", self.sign_in_id.id)


class AccountMove(models.Model):
    _inherit = "account.move"

    def _get_alerts(self):
        """What failed of the document, among Odoo's own alerts."""
        return {**super()._get_alerts(), **(in_order(self._accountable_alerts()) or {})}

    def _accountable_alerts(self):
        if not self._origin.id or not self.env.user.has_group(USER):
            return []
        jobs = self.env["accountable.job"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "=", self._origin.id),
                ("state", "in", ("failed", "unknown")),
            ]
        )
        entries = [entry for job in jobs for entry in job._alerts_on(self)]
        if not jobs and self.accountable_error:
            entries.append(actionable("warning", self.accountable_error))
        return entries


class ResPartner(models.Model):
    _inherit = "res.partner"

    accountable_alerts = fields.Json(compute="_compute_accountable_alerts", groups=USER)

    @api.depends_context("lang", "uid", "allowed_company_ids")
    def _compute_accountable_alerts(self):
        for partner in self:
            entries = [*partner._accountable_alerts(), *partner._accountable_note()]
            partner.accountable_alerts = in_order(entries)

    def _accountable_note(self):
        """What is noted on the links of the contact; of a bank account that nobody trusts with the
        way to it."""
        if not self.accountable_notes:
            return []
        company = self.commercial_partner_id
        noted = company._accountable_party_bindings(
            ("connection_id", "in", self.env["accountable.connection"]._shown_ids()),
            ("notes", "!=", False),
        )
        untrusted = [
            values["iban"]
            for notes in noted.mapped("notes")
            for code, values in notes.items()
            if code == "iban_not_trusted"
        ]
        accounts = company.bank_ids.filtered(lambda one: one.sanitized_acc_number in untrusted)
        way = self.env["accountable.cause"]._way_to("res.partner.bank", accounts[:1].id)
        return [self.env["accountable.cause"]._entry("info", self.accountable_notes, way)]

    def _accountable_alerts(self):
        """What failed of the contact, and what waits for it."""
        company = self.commercial_partner_id._origin
        if not company:
            return []
        failed = self.env["accountable.job"].search(
            [
                ("state", "in", ("failed", "unknown")),
                "|",
                "&",
                ("res_model", "=", company._name),
                ("res_id", "=", company.id),
                "&",
                ("cause_model", "=", company._name),
                ("cause_id", "=", company.id),
            ]
        )
        own = failed.filtered(lambda job: job.res_model == company._name)
        entries = [entry for job in own for entry in job._alerts_on(company)]
        documents = failed - own
        if not documents:
            return entries
        said = set(own.mapped("message"))
        entries += [
            actionable("danger", one) for one in documents._different_messages() if one not in said
        ]
        count = len(documents)
        message = (
            self.env._("One document waits for this contact, and goes once it is corrected.")
            if count == 1
            else self.env._(
                "%(count)s documents wait for this contact, and go once it is corrected.",
                count=count,
            )
        )
        way = documents._way_to_list()
        # of who may not change contacts the form takes nothing, without a word
        found = self.env["accountable.cause"]._way_to(company._name, company.id)
        message = " ".join(filter(None, (message, found and found.hint)))
        return [*entries, actionable("info", message, way.text, way.action)]
