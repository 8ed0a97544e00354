"""Whatever was linked before was booked: documents that are only handed over are new."""


def migrate(cr, version):
    if not version:
        return
    cr.execute(
        "ALTER TABLE accountable_binding ADD COLUMN IF NOT EXISTS stage varchar DEFAULT 'booked'"
    )
    cr.execute("ALTER TABLE accountable_binding ALTER COLUMN stage DROP DEFAULT")
