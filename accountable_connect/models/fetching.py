"""Reading some fields of records, where the ORM would read all there are."""


def fetch_only(records, names):
    """Reads these fields at once, as far as they are there and the user may read them. A field that
    is asked for without being read before brings all others of its record: a company or an entry
    has a hundred columns, each of which takes longer to hand over than to read. What is missing
    here costs a query and is no mistake."""
    fields = records._fields
    records.fetch(
        [
            name
            for name in names
            if name in fields and records._has_field_access(fields[name], "read")
        ]
    )
