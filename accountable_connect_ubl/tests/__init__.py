from . import (
    test_bad_input,
    test_into_the_batch,
    test_moment,
    test_originals,
    test_own_documents,
    test_posted_totals,
    test_profile,
    test_profile_rules,
    test_set_up,
    test_shipped_profiles,
)
