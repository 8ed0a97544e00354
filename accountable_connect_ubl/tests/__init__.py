from . import test_own_documents, test_set_up
from . import test_bad_input, test_profile, test_profile_rules, test_shipped_profiles
