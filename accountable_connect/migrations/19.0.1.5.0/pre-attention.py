"""What a mapping wants of a person is stored, so that lists begin with it. What is to be said of a
proposal is looked at again as soon as somebody sees it; here it counts as one to check."""


def migrate(cr, version):
    if not version:
        return
    cr.execute("ALTER TABLE accountable_mapping ADD COLUMN IF NOT EXISTS attention varchar")
    cr.execute(
        """
        UPDATE accountable_mapping
           SET attention = CASE
                   WHEN state = 'confirmed' OR (kind = 'journal' AND enabled IS NOT TRUE)
                       THEN '6_decided'
                   WHEN state = 'broken' THEN '1_choose'
                   WHEN master_data_id IS NOT NULL OR without_code THEN '3_check'
                   WHEN kind = 'payment_term' THEN '5_optional'
                   ELSE '1_choose'
               END
         WHERE attention IS NULL
        """
    )
