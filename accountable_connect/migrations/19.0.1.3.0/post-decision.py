"""What a person decides about a booking has a kind of error of its own: it is no duplicate."""

CODES = (
    "booked_otherwise",
    "cancelled_adopted",
    "changed_adopted",
    "changed_in_package",
    "connection_archived",
    "deleted",
    "gone",
    "ours_otherwise",
    "second_processed",
    "sent_to_customer",
    "typed_owed",
    "update_impossible",
)


def migrate(cr, version):
    cr.execute(
        """
        UPDATE accountable_job SET error_kind = 'decision'
         WHERE error_kind = 'duplicate' AND error_code = ANY(%s)
        """,
        (list(CODES),),
    )
