"""A big database by SQL: copies of a posted invoice, jobs that wait, links."""

from bench.copies import copy_moves

MOVES = 100_000
# Of the copies: the newest wait, the others are booked.
WAITING = 10_000
FAILED = 50
SOURCES = 20
# What is inserted is more than PostgreSQL would plan well for without looking.
MANY = 500
UNLIMITED = -1_000_000


def fill_queue(bench, count, new_contacts=False):
    """So many posted invoices in the queue, as if a user had posted them; ``new_contacts``: each
    with a contact of its own."""
    with bench.transaction() as company:
        last = company.env["account.move"].search(
            [
                ("company_id", "=", company.company.id),
                ("move_type", "=", "out_invoice"),
                ("name", "not like", "COPY/%"),
            ],
            order="sequence_number desc",
            limit=1,
        )
        partners = company.partners("New" if new_contacts else "Customer", *[count] * new_contacts)
        ids = copy_moves(
            company,
            _posted_invoices(company, SOURCES),
            count,
            last.sequence_prefix,
            last.sequence_number + 1,
            partners,
        )
        company.env["account.move"].browse(ids)._accountable_enqueue()
    if count >= MANY:
        with bench.transaction() as company:
            tidy(company)


def lift_own_limits(bench):
    """The connection has any number of calls left for each operation that it made so far."""
    with bench.transaction() as company:
        company.env.cr.execute(
            """
            UPDATE accountable_connection
               SET calls = jsonb_set(calls, '{counts}', (
                        SELECT jsonb_object_agg(name, %s::int)
                          FROM jsonb_object_keys(calls -> 'counts') name))
             WHERE id = %s
            """,
            [UNLIMITED, company.connection.id],
        )


def _posted_invoices(company, limit):
    return company.env["account.move"].search(
        [
            ("company_id", "=", company.company.id),
            ("state", "=", "posted"),
            ("move_type", "=", "out_invoice"),
            ("name", "not like", "COPY/%"),
        ],
        order="id",
        limit=limit,
    )


def copies(company):
    """Ids of the company's copies without lines, ascending; made where they are not there yet. All
    but the newest are booked."""
    env = company.env
    env.cr.execute(
        "SELECT id FROM account_move WHERE name LIKE 'COPY/%%' AND company_id = %s ORDER BY id",
        (company.company.id,),
    )
    ids = [id_ for [id_] in env.cr.fetchall()]
    if ids:
        return ids
    ids = copy_moves(
        company,
        _posted_invoices(company, 1),
        MOVES,
        "COPY/2026/",
        1,
        lines=False,
        date="date '2026-01-01' + (c.copy % 180)::int",
        invoice_date="date '2026-01-01' + (c.copy % 180)::int",
        amount_residual="0",
    )
    env.cr.execute(
        """
        INSERT INTO accountable_binding (connection_id, company_id, kind, res_model, res_id,
                                         external_key, number, stage, sent_at)
        SELECT %s, %s, 'document', 'account.move', id, 'copy/' || id, 'V1 copy/' || id, 'booked',
               now()
          FROM unnest(%s) id
        """,
        (company.connection.id, company.company.id, ids[:-WAITING]),
    )
    return ids


def set_waiting(company, ids):
    """Exactly these copies wait, due, behind everything the benchmarks really send."""
    env = company.env
    env.flush_all()
    env.cr.execute("DELETE FROM accountable_job WHERE order_key LIKE '9/%'")
    env.cr.execute(
        """
        INSERT INTO accountable_job (connection_id, company_id, package, operation, res_model,
                                     res_id, name, order_key, state, attempts, next_try)
        SELECT %s, %s, %s, 'document', 'account.move', id, 'COPY/' || id,
               '9/' || lpad(id::text, 9, '0'), 'pending', 0, now() AT TIME ZONE 'UTC'
          FROM unnest(%s) id
        """,
        (company.connection.id, company.company.id, company.connection.package, ids),
    )


def set_failed(company, count=FAILED):
    """So many of the waiting copies failed."""
    company.env.cr.execute(
        """
        UPDATE accountable_job SET state = 'failed', error_kind = 'data_refused',
               message = '"refused"' WHERE id IN (SELECT id FROM accountable_job
                                                 WHERE order_key LIKE '9/%%' LIMIT %s)
        """,
        (count,),
    )


def tidy(company):
    """What PostgreSQL's own cleaner does by and by."""
    env = company.env
    connection = env.cr._cnx
    # Rows of a commit that is not on the disk yet do not count as visible to all, so that an index
    # alone would answer nothing: these commits wait for the disk, and with them every one before.
    env.cr.execute("SET synchronous_commit = on")
    env.cr.execute("SELECT pg_logical_emit_message(TRUE, 'bench', '')")
    env.cr.commit()
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            for table in ("account_move", "accountable_job", "accountable_binding"):
                cursor.execute(f"VACUUM ANALYZE {table}")
            cursor.execute("RESET synchronous_commit")
    finally:
        connection.autocommit = False
