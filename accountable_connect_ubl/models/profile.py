import base64

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..api import profile_file
from ..api.names import ENDINGS, media_type_of, pattern_fault
from ..api.profile import Profile

# What a manager says of a receiver; its company is the one it is made in.
SAID = {
    "active",
    "annexes",
    "code",
    "file_name",
    "file_types",
    "forwards_to_customer",
    "largest_mb",
    "locked_pdf",
    "media_types",
    "name",
    "notes",
    "pdf_alone",
    "pdf_beside",
    "sequence",
    "zip_allowed",
}


class AccountableUblProfile(models.Model):
    """What a receiver takes, as a row that people may add to, export and import.

    Rows of no company come with the addon: everybody reads them, nobody changes them, and a copy
    belongs to the company in which it is made.
    """

    _name = "accountable.ubl.profile"
    _description = "Receiver of e-invoices"
    _inherit = ["accountable.guard"]
    _order = "sequence, name, id"

    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        default=lambda self: self.env.company.root_id,
        index=True,
        readonly=True,
        help="Empty: it comes with the program, for every company.",
    )
    name = fields.Char(
        required=True, translate=True, help="The program or service that takes the documents."
    )
    code = fields.Char(
        required=True, help="A short name without spaces, by which the file of a receiver is known."
    )
    file_name = fields.Char(
        string="File names",
        default="{type}_{vat}_{number}",
        required=True,
        help="What files are called: {type} is INV, CN, BILL or BILLCN, {vat} the VAT number of"
        " the seller, {number} the number of the document. Other signs become “-”.",
    )
    media_types = fields.Char(
        default="application/xml,application/pdf", required=True, string="Media types"
    )
    file_types = fields.Char(
        compute="_compute_file_types",
        inverse="_inverse_file_types",
        string="Files",
        help="The endings of the files it takes. An e-invoice is xml. What a file is, is seen from"
        " its content.",
    )
    pdf_beside = fields.Boolean(
        string="PDF beside the e-invoice",
        help="The PDF of an e-invoice, which is inside it, goes as a second file of the same name"
        " as well. Leave it off where every file becomes a document of its own.",
    )
    annexes = fields.Boolean(
        string="Other files of a bill",
        help="All files of a bill go. Leave it off where every file becomes a document of its own.",
    )
    pdf_alone = fields.Boolean(
        default=True,
        string="PDF without e-invoice",
        help="An invoice that cannot become an e-invoice, and a receipt, may go as PDF. Bills go as"
        " what they are, where it is among the files.",
    )
    zip_allowed = fields.Boolean(
        default=True, string="ZIP", help="Several documents may come together in one ZIP."
    )
    locked_pdf = fields.Boolean(
        string="PDF with a password", help="A PDF that opens with a password only may go."
    )
    largest_mb = fields.Float(
        string="Largest file (MB)", help="0: it names no limit. An e-invoice counts with its PDF."
    )
    forwards_to_customer = fields.Boolean(
        string="Forwards to the customer",
        help="It sends the invoices it gets on to the customer. Invoices to customers never go"
        " there then: the customer would have them twice.",
    )
    notes = fields.Text(
        string="What is known",
        translate=True,
        help="Where these settings come from, and what has to be tried.",
    )
    export_file = fields.Binary(compute="_compute_export_file")

    _code = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))", "There is a receiver with this code already."
    )

    def _fields_of_people(self):
        return super()._fields_of_people() | SAID

    def _fields_of_people_at_creation(self):
        return super()._fields_of_people_at_creation() | {"company_id"}

    @api.depends("media_types")
    def _compute_file_types(self):
        for profile in self:
            types = (profile.media_types or "").split(",")
            profile.file_types = ", ".join(ENDINGS.get(one, one) for one in types if one)

    def _inverse_file_types(self):
        for profile in self:
            types, unknown = profile_file.media_types_of(profile.file_types)
            if unknown:
                raise ValidationError(
                    self.env._(
                        "These are no endings of files that Odoo can tell: %(names)s. It tells"
                        " %(known)s.",
                        names=", ".join(unknown),
                        known=", ".join(sorted(profile_file.MEDIA_TYPES)),
                    )
                )
            profile.media_types = ",".join(types)

    def _compute_export_file(self):
        for profile in self:
            profile.export_file = base64.b64encode(profile_file.written(profile._file_values()))

    @api.constrains("media_types", "pdf_beside", "pdf_alone")
    def _check_files(self):
        for profile in self:
            types = profile._media_types()
            if not types or types - set(ENDINGS):
                raise ValidationError(self.env._("Say which files the receiver takes: xml, pdf…"))
            if "application/pdf" not in types and (profile.pdf_beside or profile.pdf_alone):
                raise ValidationError(
                    self.env._("A receiver that gets PDF files has pdf among the files it takes.")
                )

    @api.constrains("file_name")
    def _check_file_name(self):
        for profile in self:
            fault = pattern_fault(profile.file_name)
            if fault == "name_number":
                raise ValidationError(
                    self.env._("The file names need {number}, or all would be called the same.")
                )
            if fault == "name_place":
                raise ValidationError(
                    self.env._("The file names can hold {type}, {vat} and {number}, nothing else.")
                )
            if fault:
                raise ValidationError(
                    self.env._(
                        "Between the places of the file names there can be letters without accents,"
                        " digits, “-” and “_” only, fifty at most."
                    )
                )

    @api.constrains("code", "largest_mb")
    def _check_code_and_size(self):
        for profile in self:
            if not profile_file.CODE.fullmatch(profile.code):
                raise ValidationError(
                    self.env._("A code has small letters, digits and “_” only, forty at most.")
                )
            if not 0 <= profile.largest_mb <= profile_file.LARGEST_MEGABYTES:
                raise ValidationError(
                    self.env._("The largest file is between 0 (no limit) and 1024 MB.")
                )

    def write(self, vals):
        result = super().write(vals)
        if "company_id" in vals:
            # nobody gives a row away, to another company or to all
            self.check_access("write")
        return result

    def copy_data(self, default=None):
        """A copy belongs to the company in which it is made, under a code that is free there."""
        rows = super().copy_data({"company_id": self.env.company.root_id.id, **(default or {})})
        for profile, values in zip(self, rows, strict=True):
            if not (default and "code" in default):
                values["code"] = profile._free_code(values["company_id"])
            if not (default and "name" in default):
                values["name"] = self.env._("%(name)s (copy)", name=profile.name)
        return rows

    def _free_code(self, company_id):
        rows = self.with_context(active_test=False).search([("company_id", "=", company_id)])
        used, count = set(rows.mapped("code")), 2
        while f"{self.code[:36]}_{count}" in used:
            count += 1
        return f"{self.code[:36]}_{count}"

    def action_export(self):
        """Download the row as a file."""
        self.ensure_one()
        place = f"/web/content/{self._name}/{self.id}/export_file/{self.code}.json"
        return {"type": "ir.actions.act_url", "url": f"{place}?download=true", "target": "download"}

    @api.model
    def _import_file(self, content):
        """Make a row of the current company from the bytes of a file; returns it."""
        try:
            values = profile_file.read(content)
        except profile_file.ProfileFileError as error:
            raise UserError(self._sentence_of(error)) from error
        endings = values.pop("files")
        values["media_types"] = ",".join(profile_file.MEDIA_TYPES[one] for one in endings)
        own = self.with_context(active_test=False).search(
            [("code", "=", values["code"]), ("company_id", "=", self.env.company.root_id.id)]
        )
        if own:
            raise UserError(
                self.env._(
                    "There is a receiver with the code %(code)s already: %(name)s. Change the code"
                    " in one of them.",
                    code=own.code,
                    name=own.name,
                )
            )
        return self.create(values)

    @api.model
    def _sentence_of(self, error):
        return {
            "too_large": self.env._("This file is too large to be that of a receiver."),
            "unreadable": self.env._(
                "This is no file of a receiver. Take one that “Export” made, unchanged."
            ),
            "unknown_key": self.env._(
                "The file has “%(key)s”, which no receiver has.", key=error.key
            ),
            "missing_key": self.env._("The file lacks “%(key)s”.", key=error.key),
            "wrong_value": self.env._("What the file has for “%(key)s” cannot be.", key=error.key),
        }[error.code]

    def _media_types(self):
        return {media_type_of(one) for one in (self.media_types or "").split(",") if one.strip()}

    def _file_values(self):
        values = {key: self[key] for key in profile_file.SWITCHES}
        endings = [ENDINGS[one] for one in sorted(self._media_types())]
        return values | {
            "name": self.name,
            "code": self.code,
            "notes": self.notes or "",
            "file_name": self.file_name,
            "files": endings,
            "largest_mb": self.largest_mb,
        }

    def _as_profile(self):
        """The plain :class:`Profile`."""
        self.ensure_one()
        return Profile(
            name=self.name,
            file_name=self.file_name,
            media_types=frozenset(self._media_types()),
            largest=int(self.largest_mb * profile_file.MEGABYTE),
            **{key: self[key] for key in profile_file.SWITCHES},
        )
