from . import (
    accountable_connection,
    accountable_connection_webhook,
    accountable_sign_in,
    accountable_sign_in_consent,
    accountable_sign_in_life,
    package_view,
    set_up,
)
