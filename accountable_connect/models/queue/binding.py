from odoo import api, fields, models
from psycopg2.extras import Json

from ...documents.difference import words_that_differ
from ...documents.serial import document_from_values

BOUND_FIELDS = (
    "external_key",
    "number",
    "fingerprint",
    "version",
    "adopted",
    "details",
    "stage",
)
# Notes that a change is not sent; what is linked again is as Odoo has it.
UNSENT_NOTES = ["cancelled_switched_off", "switched_off"]

# Words of a document → the note that says they differ.
WORD_NOTES = {
    "number": "words_number",
    "reference": "words_reference",
    "communication": "words_reference",
    "text": "words_label",
    "origin_number": "words_label",
    "due_date": "words_due_date",
    "label": "words_label",
}


class AccountableBinding(models.Model):
    """The lasting link of an Odoo record with its counterpart in an administration.

    ``kind`` is document, party, file or settlement. ``external_key`` is the package's key,
    ``number`` what a bookkeeper calls it. ``fingerprint`` is of what we last sent, ``version`` of
    what the administration held afterwards: a booking that has another version was changed by a
    person.
    ``details`` of a document hold what was sent, as documents/serial.py writes it.
    """

    _name = "accountable.binding"
    _description = "Link with an administration"
    _inherit = ["accountable.guard"]
    _order = "id desc"

    connection_id = fields.Many2one(
        "accountable.connection", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="connection_id.company_id", store=True)
    kind = fields.Selection(
        [
            ("document", "Document"),
            ("party", "Party"),
            ("file", "File"),
            ("settlement", "Settlement"),
        ],
        required=True,
    )
    res_model = fields.Char(required=True)
    res_id = fields.Many2oneReference(model_field="res_model", required=True)
    external_key = fields.Char(required=True)
    number = fields.Char()
    fingerprint = fields.Char()
    version = fields.Char()
    sent_at = fields.Datetime()
    adopted = fields.Boolean(help="It was in the administration already.")
    details = fields.Json()
    stage = fields.Selection(
        [("in_batch", "In a batch"), ("handed_over", "Handed over"), ("booked", "Booked")],
        default="booked",
        required=True,
        help="How far a document came: what is only handed over, nobody has booked yet.",
    )
    unsent = fields.Boolean(help="The document changed since, and nobody sends the change.")

    _unique_record = models.Constraint(
        "unique(connection_id, kind, res_model, res_id)", "This record is linked already."
    )
    _unique_external = models.Constraint(
        "unique(connection_id, kind, external_key)", "This counterpart is linked already."
    )
    _document_idx = models.Index(
        "(res_id, connection_id) WHERE res_model = 'account.move' AND kind = 'document'"
    )
    _settlement_idx = models.Index(
        "(connection_id, (details #>> '{settlement,document_key}')) WHERE kind = 'settlement'"
    )
    _record_idx = models.Index("(res_model, res_id)")
    _unbooked_idx = models.Index(
        "(company_id, res_id) WHERE res_model = 'account.move' AND kind = 'document'"
        " AND stage != 'booked'"
    )
    _unsent_idx = models.Index("(connection_id) WHERE unsent")

    @api.model
    def _bind(self, connection_id, kind, res_model, res_id, values):
        """Link a record, or renew its link, in one statement; whatever was not sent of it, also
        by an archived connection to the same administration, is so no more.

        Each document that is sent pays for it, and the ORM would need four statements: to look for
        the link, for earlier connections, and to write both.

        :param values: external_key, and optionally number, fingerprint, version, adopted, details,
            stage ("booked" unless given)
        """
        row = {name: values.get(name) or None for name in BOUND_FIELDS}
        row["adopted"] = bool(row["adopted"])
        row["stage"] = row["stage"] or "booked"
        row["details"] = Json(row["details"]) if row["details"] else None
        row.update(
            connection_id=connection_id,
            kind=kind,
            res_model=res_model,
            res_id=res_id,
            unsent_notes=UNSENT_NOTES,
            uid=self.env.uid,
            now=fields.Datetime.now(),
        )
        self.flush_model()
        self.env.cr.execute(
            """
            WITH earlier AS (
                UPDATE accountable_binding b
                   SET unsent = FALSE, notes = b.notes - %(unsent_notes)s::text[]
                  FROM accountable_connection c, accountable_connection old
                 WHERE b.unsent AND b.kind = %(kind)s
                   AND b.res_model = %(res_model)s AND b.res_id = %(res_id)s
                   AND b.connection_id = old.id AND old.active IS NOT TRUE
                   AND c.id = %(connection_id)s AND c.id != old.id AND c.package = old.package
                   AND c.administration_key = old.administration_key
            )
            INSERT INTO accountable_binding (
                connection_id, company_id, kind, res_model, res_id, external_key, number,
                fingerprint,
                version, adopted, details, stage, sent_at, create_uid, create_date, write_uid,
                write_date
            )
            SELECT c.id, c.company_id, %(kind)s, %(res_model)s, %(res_id)s, %(external_key)s,
                   %(number)s, %(fingerprint)s, %(version)s, %(adopted)s, %(details)s,
                   %(stage)s, %(now)s,
                   %(uid)s, %(now)s, %(uid)s, %(now)s
              FROM accountable_connection c WHERE c.id = %(connection_id)s
            ON CONFLICT (connection_id, kind, res_model, res_id) DO UPDATE SET
                external_key = EXCLUDED.external_key, number = EXCLUDED.number,
                fingerprint = EXCLUDED.fingerprint, version = EXCLUDED.version,
                adopted = EXCLUDED.adopted, details = EXCLUDED.details,
                stage = EXCLUDED.stage, sent_at = EXCLUDED.sent_at,
                unsent = FALSE, notes = accountable_binding.notes - %(unsent_notes)s::text[],
                write_uid = EXCLUDED.write_uid, write_date = EXCLUDED.write_date
            """,
            row,
        )
        self.invalidate_model(flush=False)

    def _sent_document(self):
        """What was sent or linked, without its files; None where that is not known."""
        self.ensure_one()
        content = dict((self.details or {}).get("content") or {})
        content.pop("files", None)
        return document_from_values(content) if content else None

    def _note_words(self, document):
        """Say which words of a document the administration has otherwise.

        :param document: as Odoo has it; None: the administration has the same
        """
        sent = document and self._sent_document()
        notes = {} if sent or not document else {"words_opening": {}}
        for name in words_that_differ(sent, document) if sent else ():
            code = WORD_NOTES[name]
            here, there = (str(getattr(one, name, "") or "–") for one in (document, sent))
            values = {} if code == "words_label" else {"here": here, "there": there}
            notes.setdefault(code, values)
        self._remove_notes(*(set(WORD_NOTES.values()) | {"words_opening"}) - notes.keys())
        for code, values in notes.items():
            self._add_note(code, **values)

    @api.model
    def _find(self, connection_id, kind, res_model, res_id):
        """The link of one record, or none."""
        # buttons and prechecks run with the rights of a person, who may not read every link
        return self.sudo().search(
            [
                ("connection_id", "=", connection_id),
                ("kind", "=", kind),
                ("res_model", "=", res_model),
                ("res_id", "=", res_id),
            ],
            limit=1,
        )

    @api.model
    def _of_documents(self, moves):
        """The links of these documents. A link an earlier connection left of a booking that a
        present one follows says nothing more."""
        if not moves.ids or not self.env["accountable.sending.plan"]._senders():
            return self.sudo().browse()
        # whoever posts may not read links
        bindings = self.sudo().search(
            [
                ("res_model", "=", "account.move"),
                ("res_id", "in", moves.ids),
                ("kind", "=", "document"),
            ]
        )

        def place(binding):
            connection = binding.connection_id
            return binding.res_id, connection.package, connection.administration_key

        followed = {place(one) for one in bindings if one.connection_id.active}
        return bindings.filtered(lambda one: one.connection_id.active or place(one) not in followed)

    @api.model
    def _taken_over_of(self, moves):
        """The links of these documents, one for each administration. What an archived connection
        booked is handed over to the one that serves its administration now."""
        bindings = self._of_documents(moves)
        senders = self.env["accountable.sending.plan"]._senders()
        for binding in bindings:
            of_company = senders.get(moves.browse(binding.res_id).company_id.root_id.id, {})
            sender = of_company.get(binding.connection_id.id) or binding.connection_id.id
            if sender == binding.connection_id.id:
                continue
            taken = bindings.search_count(
                [
                    ("connection_id", "=", sender),
                    ("kind", "=", "document"),
                    "|",
                    ("external_key", "=", binding.external_key),
                    "&",
                    ("res_model", "=", binding.res_model),
                    ("res_id", "=", binding.res_id),
                ],
                limit=1,
            )
            if taken:
                bindings -= binding
            else:
                binding.connection_id = sender
        return bindings

    @api.model
    def _of_jobs(self, jobs):
        """The links of the documents that these items book."""
        found = self.sudo().browse()  # whoever archives a connection may not read every link
        jobs = jobs.filtered(lambda job: job.operation == "document")
        for connection, of_connection in jobs.grouped("connection_id").items():
            found |= found.search(
                [
                    ("connection_id", "=", connection.id),
                    ("kind", "=", "document"),
                    ("res_model", "=", "account.move"),
                    ("res_id", "in", of_connection.mapped("res_id")),
                ]
            )
        return found

    def _find_all(self, connection, kind, *conditions, fetch=()):
        """The links of one kind of a connection.

        :param conditions: more of a domain
        :param fetch: names of the only fields that are read with them, where these are many
        """
        domain = [("connection_id", "=", connection.id), ("kind", "=", kind), *conditions]
        return self.search_fetch(domain, fetch)
