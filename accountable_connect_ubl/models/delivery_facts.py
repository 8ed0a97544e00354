"""What the documents of a batch have in common, looked up once."""

from dataclasses import dataclass, replace

from odoo.addons.accountable_connect.api.texts import clean, cut
from odoo.addons.accountable_connect.documents import File
from odoo.addons.accountable_connect.documents.sentence import filled
from odoo.addons.accountable_connect.models.problem import problem_of

from ..api.names import beside, file_name
from ..api.taken import refusal
from ..sentences import SENTENCES
from .authorship import Files
from .objections import seller_of

XML, PDF = "application/xml", "application/pdf"
MEGABYTE = 1024 * 1024
LONGEST_NAME = 80


@dataclass
class Made:
    """What is made of one document. ``vat_totals`` are signed relative to its kind."""

    files: list
    vat_totals: tuple
    problems: list


class DeliveryFacts:
    """``profile`` of the receiver, ``files`` of the documents, names that are in use.

    ``with_files``: False: only to check; what costs much (a PDF that is rendered) is left out.
    """

    def __init__(self, connection, moves, with_files):
        self.connection = connection
        self.env = moves.env
        # superuser: whoever checks a document need not read receivers
        self.profile = connection.sudo().ubl_profile_id._as_profile()
        self.pdf_allowed = connection.sudo().ubl_pdf_allowed and self.profile.pdf_alone
        self.with_files = with_files
        self.moves = moves.env["accountable.document"]._prefetch(moves)
        self.files = Files(self.moves)
        self._given = []

    def problem(
        self, cause, error_kind, code, blocking=True, overridable=False, note=None, **values
    ):
        """A problem in the words of ``SENTENCES``; ``values`` are those of its sentence."""
        message = filled(SENTENCES[code], values)
        return problem_of(
            cause,
            error_kind,
            code,
            message,
            blocking=blocking,
            overridable=overridable,
            note=note,
        )

    # Files

    def pdf(self, move):
        """The PDF of a document we wrote: the legal one, else rendered as the invoice; None where
        only a check is made and there is none yet. Nothing is stored on the document."""
        legal = self.files.legal(move, "invoice_pdf_report_file")
        if legal:
            return self.files.file(legal)
        if not self.with_files:
            return None
        name, content = self.env["accountable.delivery"]._rendered_pdf(move)
        return File(key=f"{move._name},{move.id}/pdf", name=name, media_type=PDF, content=content)

    def refused(self, move, file):
        """``[Problem]`` when the receiver does not take this file."""
        code = refusal(self.profile, file.name, file.media_type, file.content)
        return [self.problem(move, "data_refused", code, **self.values_of(file))] if code else []

    def values_of(self, file):
        """What sentences say of a file."""
        return {
            "name": in_words(file.name),
            "size": round(file.size / MEGABYTE, 1),
            "largest": round(self.profile.largest / MEGABYTE, 1),
        }

    # Names

    def named(self, move, kind, files):
        """The files of a document by the names under which they go: the first, and beside it what
        is another form of the same; further ones are annexes.

        :param files: ``[(file, whether it is another form of the first)]``
        """
        if not self.with_files:
            return ()
        result, first = [], ""
        for place, (file, same) in enumerate(files):
            if place and same:
                name = beside(first, file.media_type)
            else:
                number = f"{move.name} A{place}" if place else move.name
                name = self._free_name(move, kind, number, file.media_type)
            first = first or name
            self._given.append(name)
            result.append(replace(file, name=name))
        return tuple(result)

    def _free_name(self, move, kind, number, media_type):
        arguments = (self.profile, kind, seller_of(move).vat or "", number, media_type)
        base = file_name(*arguments, ()).rpartition(".")[0]
        taken = self.env["accountable.batch.file"]._names_in_use(self.connection, base)
        return file_name(*arguments, [*taken, *self._given])


def in_words(name):
    """The name of a file as sentences say it: whoever sent it chose it freely."""
    return cut(clean(name or ""), LONGEST_NAME)
