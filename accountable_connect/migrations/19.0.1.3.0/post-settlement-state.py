"""The number of a settlement's link held its kind, or what was still to do for it: each has a field
of its own now, and a number is a number."""


def migrate(cr, version):
    cr.execute(
        """
        UPDATE accountable_binding
           SET settlement_kind = details #>> '{settlement,kind}',
               settlement_to_do = CASE number WHEN 'failed' THEN 'book'
                                              WHEN 'to_undo' THEN 'undo' END,
               number = NULL
         WHERE kind = 'settlement' AND settlement_kind IS NULL
        """
    )
