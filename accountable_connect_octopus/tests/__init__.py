from . import test_connect, test_connection, test_secrets, test_shared_sign_in
