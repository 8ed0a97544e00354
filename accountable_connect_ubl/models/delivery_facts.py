"""What the documents of a batch have in common, looked up once."""

from dataclasses import dataclass, replace
from functools import cached_property

from odoo.addons.accountable_connect.api.errors import CONFIGURATION_MISSING
from odoo.addons.accountable_connect.api.texts import clean, cut
from odoo.addons.accountable_connect.documents import File
from odoo.addons.accountable_connect.documents.sentence import filled
from odoo.addons.accountable_connect.models.problem import problem_of

from ..api.letter import is_bill, looks_like
from ..api.names import beside, file_name
from ..api.reading import numbers_of, plain_number, tree_of, unwrapped
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
        self.profile = connection._receiver_profile()
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

    def shared_address(self, kind, files):
        """``[Problem]``: the receiver finds the company in the e-invoice, and there is none, or one
        in which ours is not found.

        :param files: ``[(file, …)]``, the document first
        """
        address = self.connection._mail_address(kind)
        pattern = self.profile.mail.shared_address
        if not (address and pattern and looks_like(pattern, address) and files):
            return []
        file = files[0][0]
        values = {"address": address, "name": in_words(file.name)}
        if file.media_type != XML:
            code = "shared_address"
        elif self._names_company(kind, file.content):
            return []
        else:
            code, values["company"] = "shared_address_other", self.connection.company_id.name
        return [self.problem(self.connection, CONFIGURATION_MISSING, code, **values)]

    def _names_company(self, kind, content):
        """Whether an e-invoice knows its seller (its buyer, of a bill) by a number of ours; a
        branch may have that of its company."""
        company = self.connection.company_id.sudo()  # its numbers, whoever checks a document
        partners = (company | company.parent_ids).partner_id
        own = {plain_number(number) for one in partners for number in _numbers(one)} - {""}
        root = unwrapped(tree_of(content))
        return bool(own & numbers_of(root, is_seller=not is_bill(kind)))

    # Bills that were entered twice

    @cached_property
    def entered_twice(self):
        """``{bill id: number of the other one}``: the same supplier, year and number of the
        supplier, and the other one was there first or goes already."""
        bills = self.moves.filtered(_has_number_of_supplier)
        if not bills:
            return {}
        others = (
            bills.sudo()  # whoever checks may not see every journal
            .search_fetch(
                [
                    ("move_type", "in", bills.mapped("move_type")),
                    ("ref", "in", bills.mapped("ref")),
                    ("commercial_partner_id", "in", bills.commercial_partner_id.ids),
                    ("company_id", "in", bills.company_id.ids),
                    ("state", "=", "posted"),
                ],
                ["name", "ref", "move_type", "invoice_date", "commercial_partner_id"],
                order="id",
            )
            .filtered(_has_number_of_supplier)
            .grouped(_number_of_supplier)
        )
        twice = {bill: others[_number_of_supplier(bill)] - bill for bill in bills}
        linked = self._linked([move.id for found in twice.values() for move in found])
        result = {}
        for bill, found in twice.items():
            first = found.filtered(lambda one, bill=bill: one.id < bill.id or one.id in linked)
            if first:
                result[bill.id] = first[0].name
        return result

    def _linked(self, ids):
        """Those of these documents that are in a batch of the connection or went already."""
        if not ids:
            return set()
        links = self.env["accountable.binding"].sudo()  # whoever checks need not read them
        found = links.search_fetch(
            [
                ("connection_id", "=", self.connection.id),
                ("kind", "=", "document"),
                ("res_model", "=", self.moves._name),
                ("res_id", "in", ids),
            ],
            ["res_id"],
        )
        return set(found.mapped("res_id"))

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


def _numbers(partner):
    return partner.vat, partner.company_registry


def _has_number_of_supplier(move):
    """Whether it is a bill that the supplier wrote and numbered."""
    is_bill = move.move_type in ("in_invoice", "in_refund")
    return is_bill and bool(move.ref) and not move.journal_id.is_self_billing


def _number_of_supplier(move):
    """What two bills have in common only where both are one."""
    day = move.invoice_date or move.date
    return move.company_id, move.move_type, move.commercial_partner_id, move.ref, day.year
