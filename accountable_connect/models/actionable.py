"""Entries of Odoo's widget ``actionable_errors``: a sentence with the way to its cure."""


def actionable(level, message, action_text="", action=None):
    """One entry of the Json field the widget shows.

    :param str level: ``"danger"``, ``"warning"``, ``"info"`` or ``"success"``
    :param dict action: the window action its link opens, None for no link
    """
    entry = {"level": level, "message": message}
    if action:
        entry |= {"action_text": action_text, "action": action}
    return entry
