"""Steps in which nothing can be chosen before people typed what there is to choose from."""

from odoo import models

from ..master_data.typed_connection import KINDS_OF_STEP
from .checklist import Line


class AccountableSetUp(models.AbstractModel):
    _inherit = "accountable.set.up"

    def _needs_person(self, connection, step):
        return bool(self._untyped_kinds(connection, step)) or super()._needs_person(
            connection, step
        )

    def _mapping_lines(self, connection):
        yield from super()._mapping_lines(connection)
        for step in KINDS_OF_STEP:
            if kinds := self._untyped_kinds(connection, step):
                yield Line("missing", connection._untyped_sentence(kinds), step=step)

    def _untyped_kinds(self, connection, step):
        """Kinds that people type in this step, and of which nothing is known."""
        typed = connection._typed_kinds()
        kinds = [kind for kind in KINDS_OF_STEP.get(step, ()) if kind in typed]
        return connection._missing_kinds(kinds) if kinds else []
