"""A package that receives the bills kept all of them back. Now it keeps back those that came as
e-invoices: where a person answered so before, none goes until somebody says that the others may."""


def migrate(cr, version):
    if not version:
        return
    cr.execute(
        """
        UPDATE accountable_connection SET bills_given = 'nothing'
         WHERE peppol_receiver = 'package' AND bills_given = 'everything'
        """
    )
