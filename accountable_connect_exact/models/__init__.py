from . import accountable_connection, accountable_sign_in
from . import package_view, res_config_settings, set_up
