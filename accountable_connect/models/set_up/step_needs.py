"""What a step of the guided form needs before it is entered, and whether it needs a person."""

from odoo import fields, models

from ...documents.sentence import SentencesOf
from .mapping_steps import KINDS_BY_STEP

_lt = SentencesOf(__name__)

# What is proposed: so many days before the VAT return.
DEADLINE_DAYS = 5


class AccountableSetUp(models.AbstractModel):
    _inherit = "accountable.set.up"

    def _prepare_step(self, connection, step):
        """False when the step cannot be entered yet; ``problem`` of the connection says why."""
        if step == "administration":
            return self._prepare_administration(connection)
        if step == next((one for one in connection._steps() if one in KINDS_BY_STEP), None):
            return self._prepare_mappings(connection)
        if step == "contacts" and not connection.contact_match_ids:
            connection.action_match_contacts()
        if step == "hand_over":
            self._is_being_configured(connection)
        return True

    def _needs_person(self, connection, step):
        """Whether somebody has something to decide in a step that was prepared; one that needs
        nobody is skipped and stands on the summary."""
        if step == "checklist":
            return any(line[0] != "good" for line in self._checklist(connection))
        if step == "administration":
            return not connection.administration_key or connection._books_are_doubted()
        if step in KINDS_BY_STEP:
            return connection._has_open_mappings(step)
        if step == "contacts":
            return (
                bool(connection.problem and not connection._is_over())  # they were not read
                or bool(connection.doubtful_contact_ids)
                or (connection.collective_private_party and not connection.collective_partner_id)
            )
        if step == "hand_over":
            # chosen by a person once, as the start date, which comes next
            return not connection.start_date or bool(self._hand_over_gaps(connection))
        # the start date is chosen by a person, once
        return step != "start" or not connection.start_date

    def _preset(self, connection, step):
        """What is proposed in a step that a person is about to see."""
        if step == "hand_over":
            self._preset_hand_over(connection)
        if step == "start" and not connection.start_date:
            today = fields.Date.context_today(connection)
            connection.start_date = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)

    def _preset_hand_over(self, connection):
        """Whoever answers nothing later has to be asked in time."""
        if not connection.start_date and not connection.deadline_days:
            connection.deadline_days = DEADLINE_DAYS

    def _prepare_administration(self, connection):
        if connection.administration_key:
            return True
        connection.action_choose_administration()
        return not connection.problem or connection._is_over()

    def _prepare_mappings(self, connection):
        engine = connection.sudo()  # state and problem are the engine's to write
        if not connection.administration_key:
            engine.problem = _lt("Choose an administration first.")
            return False
        if connection._books_are_doubted():
            engine.problem = _lt(
                "Confirm first that these are the right books, or choose another administration."
            )
            return False
        if not connection.master_data_read_at:
            connection.action_refresh_master_data()
        if connection.problem and not connection._is_over():
            return False
        connection.action_propose_mappings()
        self._is_being_configured(connection)
        return True

    def _is_being_configured(self, connection):
        if connection.state in ("not_connected", "connecting"):
            connection.sudo().state = "configuration_needed"  # a field of the engine
