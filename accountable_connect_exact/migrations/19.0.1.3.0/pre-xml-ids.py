"""Every id of a view, action, menu, rule and right begins with its model's name.

The records stay, with what people changed on them: only the id under which the addon's data finds
them is another, so this runs before the data is loaded."""

RENAMED = {
    "view_sign_in_form": "accountable_sign_in_view_form",
    "view_sign_in_password_form": "accountable_sign_in_view_form_password",
    "view_connection_form": "accountable_connection_view_form",
}


def migrate(cr, version):
    for old, new in RENAMED.items():
        cr.execute(
            """UPDATE ir_model_data SET name = %(new)s
                WHERE module = 'accountable_connect_exact' AND name = %(old)s
                AND NOT EXISTS (SELECT FROM ir_model_data
                    WHERE module = 'accountable_connect_exact' AND name = %(new)s)""",
            {"old": old, "new": new},
        )
