from . import accountable_connection, accountable_sign_in, accountable_connect
from . import package_view, res_config_settings
