from . import test_profile, test_shipped_profiles
