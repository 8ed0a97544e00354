"""VAT categories that nobody filled in and that Odoo guessed wrong."""


def right_categories(ubl, facts):
    return []
