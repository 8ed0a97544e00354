from . import accountable_connection, accountable_sign_in, package_view, set_up
