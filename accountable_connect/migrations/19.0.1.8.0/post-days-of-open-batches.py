"""An open batch had no days before it closed; now it has those of the documents in it."""


def migrate(cr, version):
    if not version:
        return
    cr.execute(
        """
        UPDATE accountable_batch b SET date_from = i.first, date_to = i.last
          FROM (SELECT batch_id, MIN(accounting_date) AS first, MAX(accounting_date) AS last
                  FROM accountable_batch_item WHERE state = 'in_batch' GROUP BY batch_id) i
         WHERE i.batch_id = b.id AND b.state = 'open'
        """
    )
