"""What is wrong, in a sentence, with the button that leads to where it is put right: entries of
Odoo's widget ``actionable_errors``."""

# As the widget orders them; it puts "success" before all others.
LEVELS = ("danger", "warning", "info", "success")


def actionable(level, message, action_text="", action=None) -> dict:
    """One entry.

    :param level: one of ``LEVELS``
    :param action_text: what the button says; without it, or without an action, there is none
    :param action: an action as a button of Odoo returns it
    """
    entry = {"level": level, "message": message}
    if action_text and action:
        entry |= {"action_text": action_text, "action": action}
    return entry


def in_order(entries) -> dict:
    """The value of the widget's field, these entries in their order (a database sorts the keys of
    what it stores); False for none."""
    return {f"{place:03}": entry for place, entry in enumerate(entries)} or False
