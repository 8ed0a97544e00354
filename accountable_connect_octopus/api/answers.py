"""What a list or row of Octopus holds is as documented, or the error says so."""

from odoo.addons.accountable_connect.api.http import answers

from .operations import Operation


def documented_form(operation: Operation):
    """A context in which an answer of this operation is read."""
    return answers.documented_form(f"Octopus, {operation.name}")
