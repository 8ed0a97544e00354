from . import accountable_connection, accountable_sign_in, accountable_sign_in_consent, res_company
