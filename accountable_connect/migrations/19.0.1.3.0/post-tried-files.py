"""What an item of files sent, and what was refused of it, has fields of its own: ``content`` is the
document that was sent."""


def migrate(cr, version):
    cr.execute(
        """
        UPDATE accountable_job
           SET tried_files = content -> 'tried', refused_files = content -> 'refused',
               content = NULL
         WHERE operation = 'file' AND content IS NOT NULL
        """
    )
