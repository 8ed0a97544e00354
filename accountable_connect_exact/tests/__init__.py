from . import test_connection, test_consent, test_life, test_secrets, test_webhook_route
