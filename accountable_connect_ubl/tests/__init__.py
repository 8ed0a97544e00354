from . import test_profile, test_set_up, test_shipped_profiles
