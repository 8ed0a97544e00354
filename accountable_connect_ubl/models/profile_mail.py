"""By which ways a receiver takes documents, and what it asks of e-mails."""

from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..api import profile_file
from ..api.letter import is_pattern, text_fault, word_fault

# What goes into the file of a receiver, and what a manager says of it.
KEYS = {
    "package",
    "largest_mail_mb",
    *profile_file.WAYS,
    *profile_file.MAIL_TEXTS,
    *profile_file.MAIL_SWITCHES,
    *profile_file.MAIL_COUNTS,
}


class AccountableUblProfile(models.Model):
    _inherit = "accountable.ubl.profile"

    takes_download = fields.Boolean(
        default=True, string="Uploaded by a person", help="A person uploads what was downloaded."
    )
    takes_folder = fields.Boolean(
        default=True, string="From a folder", help="It reads a folder of the server."
    )
    takes_sftp = fields.Boolean(
        default=True, string="By SFTP", help="It reads a folder of an SFTP server."
    )
    takes_mail = fields.Boolean(
        default=True, string="By e-mail", help="It has an address for documents."
    )
    package = fields.Char(
        string="Accounting package",
        help="The technical name of the accounting package, where Odoo can also book in it.",
    )
    mail_subject = fields.Char(
        string="Subject",
        help="The subject of the e-mails: {type} is INV, CN, BILL or BILLCN, {number} the number of"
        " the document, {word} the word of sales or bills, {company} your company, {party}"
        " the customer or"
        " supplier. Empty: the document and your company, in your language.",
    )
    word_sales = fields.Char(
        string="Word for sales",
        help="A word by which the receiver files sales documents: capitals and digits.",
    )
    word_bills = fields.Char(
        string="Word for bills",
        help="A word by which the receiver files bills: capitals and digits.",
    )
    word_in_address = fields.Boolean(
        string="Word in the address",
        help="The word is added to the address: box@receiver becomes box-WORD@receiver.",
    )
    mail_note = fields.Char(
        string="Text",
        help="What the e-mail says, in which the same may stand. Empty: one sentence that names"
        " the document.",
    )
    mail_pdf_beside = fields.Boolean(
        string="PDF beside the e-invoice, by e-mail",
        help="In an e-mail, the PDF of an e-invoice goes as a second file of the same name. Leave"
        " it off where every file becomes a document of its own.",
    )
    address_pattern = fields.Char(
        string="Address looks like",
        help="What an address of this receiver looks like, with “*” for anything: *@receiver.be.",
    )
    address_per_kind = fields.Boolean(
        string="Addresses for sales and bills",
        help="Sales documents and bills have addresses of their own there.",
    )
    shared_address = fields.Char(
        string="Address of all companies",
        help="An address, with “*” for anything, at which the receiver finds the company in the"
        " e-invoice: only e-invoices go there.",
    )
    knows_senders = fields.Boolean(
        string="Known senders only",
        help="E-mails of a sender that it was not told of do not arrive.",
    )
    largest_mail_mb = fields.Float(
        string="Largest e-mail (MB)",
        help="0: it names no limit. In an e-mail, files are a third larger.",
    )
    mails_per_hour = fields.Integer(string="E-mails an hour", help="0: it names no limit.")
    mails_per_day = fields.Integer(string="E-mails a day", help="0: it names no limit.")

    def _fields_of_people(self):
        return super()._fields_of_people() | KEYS

    @api.constrains(*profile_file.WAYS)
    def _check_ways(self):
        for profile in self:
            if not any(profile[way] for way in profile_file.WAYS):
                raise ValidationError(self.env._("Say how the receiver takes documents."))

    @api.constrains("package")
    def _check_package(self):
        for profile in self:
            if profile.package and not profile_file.CODE.fullmatch(profile.package):
                raise ValidationError(
                    self.env._("The name of a package has small letters, digits and “_” only.")
                )

    @api.constrains("mail_pdf_beside", "media_types")
    def _check_mail_pdf(self):
        for profile in self:
            if profile.mail_pdf_beside and "application/pdf" not in profile._media_types():
                raise ValidationError(
                    self.env._("A receiver that gets PDF files has pdf among the files it takes.")
                )

    @api.constrains("mail_subject", "mail_note")
    def _check_mail_texts(self):
        for profile in self:
            faults = {text_fault(one or "") for one in (profile.mail_subject, profile.mail_note)}
            if "mail_place" in faults:
                raise ValidationError(
                    self.env._(
                        "Subject and text of the e-mails can hold {type}, {number}, {word},"
                        " {company} and {party}, nothing else in braces."
                    )
                )
            if "mail_sign" in faults:
                raise ValidationError(
                    self.env._(
                        "Subject and text of the e-mails are one line each, of 150 characters at"
                        " most."
                    )
                )

    @api.constrains("word_sales", "word_bills", "word_in_address", "mail_subject", "mail_note")
    def _check_words(self):
        for profile in self:
            fault = word_fault(profile._mail_rules())
            if fault == "word_sign":
                raise ValidationError(
                    self.env._("The words have capitals and digits only, twenty at most.")
                )
            if fault:
                raise ValidationError(
                    self.env._("Give the word for sales and the one for bills: both are used.")
                )

    @api.constrains("address_pattern", "shared_address")
    def _check_patterns(self):
        for profile in self:
            for pattern in (profile.address_pattern, profile.shared_address):
                if pattern and not is_pattern(pattern):
                    raise ValidationError(
                        self.env._(
                            "“%(pattern)s” looks like no address: write it with one “@”, and a star"
                            " for anything.",
                            pattern=pattern,
                        )
                    )

    @api.constrains("largest_mail_mb", "mails_per_hour", "mails_per_day")
    def _check_mail_limits(self):
        for profile in self:
            counts = [profile[key] for key in profile_file.MAIL_COUNTS]
            if any(not 0 <= count <= profile_file.MOST_MAILS for count in counts):
                raise ValidationError(
                    self.env._("The number of e-mails is between 0 (no limit) and 100,000.")
                )
            if not profile_file.is_mail_limit(profile.largest_mail_mb):
                raise ValidationError(
                    self.env._("The largest e-mail is 0 (no limit), or between 1 and 1024 MB.")
                )

    def _mail_rules(self):
        return profile_file.mail_rules({key: self[key] for key in KEYS})

    def _file_values(self):
        texts = {key: self[key] or "" for key in ("package", *profile_file.MAIL_TEXTS)}
        others = {key: self[key] for key in KEYS - texts.keys()}
        return super()._file_values() | texts | others

    def _as_profile(self):
        return replace(super()._as_profile(), mail=self._mail_rules())
