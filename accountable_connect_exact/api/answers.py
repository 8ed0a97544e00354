"""What a list or row of Exact Online holds is as documented, or the error says so."""

from odoo.addons.accountable_connect.api.http import answers


def documented_form(entity: str, written: bool = False):
    """A context in which an answer about this entity is read; ``written``: the answer says what a
    write did."""
    return answers.documented_form(f"Exact, {entity}", written=written)
