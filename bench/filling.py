"""A big database by SQL: copies of a posted invoice, jobs that wait, links."""

MOVES = 100_000
# Of the copies: the newest wait, the others are booked.
WAITING = 10_000
FAILED = 50


def copies(company):
    """Ids of the company's copies, ascending; made where they are not there yet."""
    env = company.env
    env.cr.execute(
        "SELECT id FROM account_move WHERE name LIKE 'COPY/%%' AND company_id = %s ORDER BY id",
        (company.company.id,),
    )
    ids = [id_ for [id_] in env.cr.fetchall()]
    if ids:
        return ids
    source = env["account.move"].search(
        [
            ("company_id", "=", company.company.id),
            ("state", "=", "posted"),
            ("move_type", "=", "out_invoice"),
        ],
        limit=1,
    )
    return _fill_moves(company, source.id, MOVES)


def _fill_moves(company, move_id, count):
    """Insert copies of a posted invoice, without lines; all but the newest are booked."""
    env = company.env
    env.flush_all()
    env.cr.execute(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_schema = current_schema AND table_name = 'account_move'"
        " AND is_generated = 'NEVER'"
    )
    own = {
        "id": "nextval('account_move_id_seq')",
        "name": "'COPY/2026/' || lpad(copy::text, 7, '0')",
        "sequence_prefix": "'COPY/2026/'",
        "sequence_number": "copy",
        "date": "date '2026-01-01' + copy %% 180",
        "invoice_date": "date '2026-01-01' + copy %% 180",
        "amount_residual": "0",
        "access_token": "NULL",
    }
    columns = [name for [name] in env.cr.fetchall()]
    env.cr.execute(
        f"INSERT INTO account_move ({', '.join(columns)})"
        f" SELECT {', '.join(own.get(name, 'm.' + name) for name in columns)}"
        " FROM account_move m, generate_series(1, %s) copy WHERE m.id = %s RETURNING id",
        (count, move_id),
    )
    ids = sorted(id_ for [id_] in env.cr.fetchall())
    env.cr.execute(
        """
        INSERT INTO accountable_binding (connection_id, company_id, kind, res_model, res_id,
                                         external_key, number, sent_at)
        SELECT %s, %s, 'document', 'account.move', id, 'copy/' || id, 'V1 copy/' || id, now()
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
               message = 'refused' WHERE id IN (SELECT id FROM accountable_job
                                                 WHERE order_key LIKE '9/%%' LIMIT %s)
        """,
        (count,),
    )


def tidy(company):
    """What PostgreSQL's own cleaner does by and by."""
    env = company.env
    connection = env.cr._cnx
    env.cr.commit()
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            for table in ("account_move", "accountable_job", "accountable_binding"):
                cursor.execute(f"VACUUM ANALYZE {table}")
    finally:
        connection.autocommit = False
