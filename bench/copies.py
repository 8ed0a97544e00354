"""Posted documents by the thousand, by SQL: copies of posted ones, with or without their lines.

Posting thousands would take longer than everything that is measured with them.
"""


def copy_moves(company, sources, count, prefix, number, partners=None, lines=True, **own):
    """Copies of posted documents of one journal, the sources in turn.

    :param sources: ``account.move``
    :param prefix: the copies are named ``<prefix><number>``, counted from ``number``, with as many
        digits as Odoo gives the first ones of a year
    :param partners: whose they are, in turn; without: whose their sources are
    :param own: column of ``account_move`` → SQL of its value; ``copy`` is the number of the copy,
        from 0
    :return: ids, ascending
    """
    env = company.env
    env.flush_all()
    values = {
        "id": "c.id",
        "name": "c.name",
        "payment_reference": "c.name",
        "sequence_prefix": "c.prefix",
        "sequence_number": "c.number",
        "access_token": "NULL",
        **own,
    }
    if partners:
        values |= dict.fromkeys(
            ("partner_id", "commercial_partner_id", "partner_shipping_id"), "c.partner"
        )
    env.cr.execute("DROP TABLE IF EXISTS copied")
    env.cr.execute(
        """
        CREATE TEMPORARY TABLE copied ON COMMIT DROP AS
        SELECT nextval('account_move_id_seq') AS id, copy, %(prefix)s AS prefix,
               (%(sources)s)[1 + copy %% %(of)s] AS source, %(number)s + copy AS number,
               %(prefix)s || to_char(%(number)s + copy, 'FM999900000') AS name,
               (%(partners)s::int[])[1 + copy %% %(parties)s] AS partner
          FROM generate_series(0, %(count)s - 1) copy
        """,
        {
            "sources": sources.ids,
            "of": len(sources),
            "number": number,
            "prefix": prefix,
            "partners": partners.ids if partners else [],
            "parties": max(len(partners or ()), 1),
            "count": count,
        },
    )
    _insert(env, "account_move", values, "JOIN copied c ON c.source = t.id")
    if lines:
        _copy_lines(env, {"partner_id": "c.partner"} if partners else {})
    env.cr.execute("SELECT id FROM copied ORDER BY id")
    return [id_ for [id_] in env.cr.fetchall()]


def _copy_lines(env, own):
    env.cr.execute("DROP TABLE IF EXISTS copied_line")
    env.cr.execute(
        """
        CREATE TEMPORARY TABLE copied_line ON COMMIT DROP AS
        SELECT nextval('account_move_line_id_seq') AS id, l.id AS source, c.id AS move, c.name,
               c.partner
          FROM copied c JOIN account_move_line l ON l.move_id = c.source ORDER BY c.id, l.id
        """
    )
    values = {"id": "c.id", "move_id": "c.move", "move_name": "c.name", **own}
    _insert(env, "account_move_line", values, "JOIN copied_line c ON c.source = t.id")
    for table in (
        "account_move_line_account_tax_rel",
        "account_account_tag_account_move_line_rel",
    ):
        _insert(
            env,
            table,
            {"account_move_line_id": "c.id"},
            "JOIN copied_line c ON c.source = t.account_move_line_id",
        )


def _insert(env, table, own, join):
    """Insert into a table what is in it already (``t``), the columns ``own`` with other values."""
    env.cr.execute(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_schema = current_schema AND table_name = %s AND is_generated = 'NEVER'",
        [table],
    )
    columns = [name for [name] in env.cr.fetchall()]
    chosen = ", ".join(own.get(name, f't."{name}"') for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    env.cr.execute(f"INSERT INTO {table} ({names}) SELECT {chosen} FROM {table} t {join}")


def copy_partners(company, prefix, count):
    """So many new customers, copied from one of the benchmarks' own; a recordset."""
    env = company.env
    source = company.partners("Customer")[0]
    env.flush_all()
    env.cr.execute("DROP TABLE IF EXISTS copied")
    env.cr.execute(
        """
        CREATE TEMPORARY TABLE copied ON COMMIT DROP AS
        SELECT nextval('res_partner_id_seq') AS id, %(source)s AS source,
               %(prefix)s || ' ' || copy || ' BV' AS name
          FROM generate_series(1, %(count)s) copy
        """,
        {"source": source.id, "prefix": prefix, "count": count},
    )
    own = dict.fromkeys(("id", "commercial_partner_id"), "c.id")
    own |= dict.fromkeys(("name", "complete_name", "commercial_company_name"), "c.name")
    own |= {"customer_rank": "1", "barcode": "NULL", "signup_token": "NULL"}
    _insert(env, "res_partner", own, "JOIN copied c ON c.source = t.id")
    env.cr.execute("SELECT id FROM copied ORDER BY id")
    return env["res.partner"].browse(id_ for [id_] in env.cr.fetchall())
