from . import (
    test_connect,
    test_connection,
    test_consent,
    test_earlier_version,
    test_keep_alive,
    test_secrets,
    test_webhook_route,
)
