"""The status of a connection: what people read of it, what stops it, buttons that change it."""

from markupsafe import escape
from odoo import api, fields, models
from odoo.tools import format_datetime

from ...api import policy
from ...api.errors import AuthorisationLostError, LimitReachedError
from ...documents.sentence import SentencesOf
from ..sentence import written_for

_lt = SentencesOf(__name__)


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    wait_sentence = fields.Char(
        compute="_compute_wait_sentence",
        string="Waits",
        help="Until when nothing is sent, and why.",
    )

    problem_sentence = fields.Char(compute="_compute_problem_sentence", string="What went wrong")
    reading_until = fields.Datetime(
        copy=False, readonly=True, help="Until when only reading waits, for the reason kept."
    )

    @api.depends("wait_until", "wait_reason", "reading_until", "rest_waits")
    @api.depends_context("lang", "tz", "uid")
    def _compute_wait_sentence(self):
        """In the reader's own time: a moment without its zone helps nobody plan the day."""
        now = fields.Datetime.now()
        for connection in self:
            reason = connection.wait_reason or ""
            until = connection.wait_until
            if until and until > now:
                moment = format_datetime(self.env, until, dt_format="short")
                sentence = self.env._("Waiting until %(moment)s.", moment=moment)
                connection.wait_sentence = f"{sentence} {reason}".strip()
            elif until or (connection.reading_until and connection.reading_until <= now):
                connection.wait_sentence = False  # it is over
            else:
                connection.wait_sentence = self._until(reason, connection.reading_until)
            if connection.rest_waits:
                rest = self.env._(
                    "Only what you sent by itself goes; all others wait until somebody presses"
                    " “Send the rest”."
                )
                connection.wait_sentence = " ".join(filter(None, (connection.wait_sentence, rest)))

    @api.depends("problem", "problem_until")
    @api.depends_context("lang", "tz", "uid")
    def _compute_problem_sentence(self):
        """What the last question met; a used-up limit only until the package answers again."""
        for connection in self:
            until = connection.problem_until
            if until and until <= fields.Datetime.now():
                connection.problem_sentence = False
            else:
                connection.problem_sentence = self._until(connection.problem, until)

    def _until(self, reason, moment):
        """A reason with the moment (naive UTC, None: not known) from which on it does not hold."""
        if not reason or not moment:
            return reason or False
        shown = format_datetime(self.env, moment, dt_format="short")
        return f"{reason} " + self.env._("From %(moment)s on it works again.", moment=shown)

    def _is_over(self):
        """Whether what the last question met was a limit, and it may be asked again."""
        return bool(self.problem_until and self.problem_until <= fields.Datetime.now())

    # What stops it

    def _stop_after(self, error):
        """Stop for an error that concerns the connection, not one document. Gives the sentence."""
        sentence = self._error_sentence(error)
        if isinstance(error, AuthorisationLostError):
            self._lose_authorisation(error)
        elif isinstance(error, LimitReachedError):
            self.write({"wait_until": error.not_before, "wait_reason": sentence})
        else:
            self._wait_a_while(sentence)
        return sentence

    def _wait_a_while(self, sentence):
        """Nothing more goes for now; gives the reason it was given."""
        self.write({"wait_until": fields.Datetime.now() + policy.REST, "wait_reason": sentence})
        return sentence

    def _lose_authorisation(self, error):
        """No further call until a manager signs in again; one activity, however many documents
        wait."""
        sentence = self._error_sentence(error)
        self.write({"state": "reconnect", "wait_reason": sentence, "reading_until": False})
        self.sign_in_id._learn_from(error)
        self._ask_managers(_lt("Sign in again"), sentence)

    def _ask_managers(self, summary, note, activity_type="mail.mail_activity_data_todo"):
        """One activity for each manager of the company, in the manager's language, unless it is
        there already."""
        managers = self.env.ref("accountable_connect.group_manager").all_user_ids
        managers = managers.filtered(
            lambda user: self.company_id in user.company_ids and not user.share and user.active
        )
        for user in managers - self.env.ref("base.user_root"):
            shown = written_for(user.partner_id, summary)
            if any(one.user_id == user and one.summary == shown for one in self.activity_ids):
                continue
            self.activity_schedule(
                activity_type,
                summary=shown,
                # it quotes what stands in the administration
                note=escape(written_for(user.partner_id, note)),
                user_id=user.id,
            )

    def _end_activities(self):
        """Nobody has to do any more what the managers were asked for."""
        # those of every manager, not only of who answered
        self.env["mail.activity"].sudo().search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("automated", "=", True),
            ]
        ).action_feedback()

    # Buttons: each checks the user's right and writes fields of the engine as superuser

    def action_test_sign_in(self):
        """Ask the package whether it knows the sign-in; who has to consent first is sent there."""
        self.ensure_one()
        self._agree_with_sign_in()
        if self.sign_in_id.by_consent and self.sign_in_id.state != "valid":
            return self.sign_in_id.action_sign_in()
        return self._test_sign_in()

    def _test_sign_in(self):
        def question(package):
            package.test_sign_in()
            return True

        if self._ask_package(question) and self.state == "not_connected":
            self.sudo().state = "connecting"
        return True

    def action_pause(self):
        self.check_access("write")
        self.sudo().filtered(lambda connection: connection.state == "connected").state = "paused"
        return True

    def action_resume(self):
        self.check_access("write")
        self.sudo().filtered(lambda connection: connection.state == "paused").state = "connected"
        self._wake_lanes()
        return True

    def action_reconnect(self):
        """After an authorisation was lost: test the sign-in, and go on where it stopped; who has to
        consent anew is sent to the package."""
        self.ensure_one()
        self._agree_with_sign_in()
        if self.sign_in_id._needs_consent(self):
            return self.sign_in_id.action_sign_in()
        self._go_on_when_signed_in()
        return True

    def _go_on_when_signed_in(self):
        """``problem`` says why it does not."""
        self._test_sign_in()
        if self.state == "reconnect" and not self.problem:
            state = "connected" if self._has_begun() else "configuration_needed"
            self.sudo().write({"state": state, "wait_until": False, "wait_reason": False})
            self._cause_removed(self)
            self._wake_lanes()

    def action_refresh_master_data(self):
        """Read the master data again: "Update records"."""
        self.ensure_one()
        counts = self._ask_package(self.sudo()._refresh_master_data)
        if counts is None:
            return True
        sentence = self.env._(
            "Master data read: %(created)s new, %(changed)s changed, %(vanished)s gone,"
            " %(broken)s mappings broken.",
            **counts,
        )
        if counts["differing"]:
            sentence += " " + self.env._(
                "%(differing)s were typed and read otherwise: what was typed stays.", **counts
            )
        return self._notify(sentence)

    def _notify(self, message, kind="success"):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": str(message),  # XML-RPC takes no sentence as such
                "type": kind,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_open(self):
        """The form of the connection, from the tab of a company or the settings."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }

    def action_waiting_jobs(self):
        return self._action_jobs(("pending", "sending", "unknown"))

    def action_failed_jobs(self):
        return self._action_jobs(("failed",))

    def _action_jobs(self, states):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "accountable_connect.accountable_job_action"
        )
        return {
            **action,
            "domain": [("connection_id", "=", self.id), ("state", "in", states)],
            "context": {"create": False},
        }

    @api.model
    def _shown_ids(self):
        """Ids of the connections the user may see, archived ones too."""
        return self.with_context(active_test=False).search([]).ids
