from . import accountable_connection, accountable_sign_in, res_company
