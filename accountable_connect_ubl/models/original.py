"""A document somebody else wrote: it goes as its one original, unchanged."""

from odoo.addons.accountable_connect.api.errors import DATA_REFUSED, DECISION
from odoo.addons.accountable_connect.documents import File, VatTotal
from odoo.addons.accountable_connect.documents.amounts import to_decimal
from odoo.addons.accountable_connect.documents.sentence import Amount, SentencesOf, joined

from ..api.reading import embedded_pdf, tree_of, unwrapped
from ..api.taken import refusal
from .delivery_facts import PDF, XML, Made, in_words
from .posted_vat import posted_vat

_lt = SentencesOf(__name__)

# The codes of what is wrong with the file of a bill: another file may cure it.
OF_FILES = (
    "no_file",
    "several_files",
    "original_differs",
    "file_empty",
    "file_too_large",
    "file_type",
    "file_differs",
    "file_password",
    "file_dtd",
    "file_damaged",
)
NAMES_SHOWN = 5


class Original:
    """The original of one document: the e-invoice it came with, else its main file, else the only
    one that can be a bill."""

    def __init__(self, facts, move, kind):
        self.facts = facts
        self.files = facts.files
        self.move = move
        self.kind = kind
        self.received = self.files.received(move) | self.files.legal(move, "ubl_cii_xml_file")

    def made(self):
        """:return: :class:`Made`; files are as they are called in Odoo"""
        chosen, problems = self._chosen()
        if not chosen:
            return Made([], (), problems)
        head = self.files.head(chosen)
        file = self._file(chosen)
        problems = self.facts.refused(self.move, file)
        if head and not problems:
            problems = self._differences(chosen, head)
        problems = problems or self._goes_twice()
        same = self._readable_form(chosen, file)
        annexes, left_out = self._annexes(chosen, same)
        return Made([(file, False), *same, *annexes], self._vat_totals(head), problems + left_out)

    # The one that goes

    def _chosen(self):
        """``(attachment or nothing, [Problem])``"""
        fitting = self.received.filtered(self._fits)
        invoices = fitting.filtered(self.files.looks_like_e_invoice)
        if invoices:
            agreeing = invoices.filtered(lambda one: not self._told_apart(self.files.head(one)))
            return (agreeing or invoices)[0], []
        main = self.received & self.move.sudo().message_main_attachment_id
        files = main or fitting or self.received
        if len(files) == 1:
            return files, []
        code = "several_files" if files else "no_file"
        names = [in_words(one.name) for one in files[:NAMES_SHOWN]]
        values = {"document": self.move.name, "names": names}
        return None, [self.facts.problem(self.move, DATA_REFUSED, code, **values)]

    def _fits(self, attachment):
        """Whether it can be the bill: a PDF, a picture, or an e-invoice where the receiver takes
        one."""
        if not self.files.is_document(attachment):
            return False
        if self.files.media_type(attachment) != XML:
            return True
        takes_xml = XML in self.facts.profile.media_types
        return takes_xml and self.files.looks_like_e_invoice(attachment)

    def _file(self, attachment):
        return self.files.file(attachment)

    # The same in a form for people, and other files

    def _readable_form(self, chosen, file):
        """``[(file, True)]``: the PDF that is in an e-invoice, or was beside it, where the receiver
        wants both."""
        if not self.facts.profile.pdf_beside or self.files.media_type(chosen) != XML:
            return []
        content = (
            embedded_pdf(root) if (root := unwrapped(tree_of(file.content))) is not None else b""
        )
        if content:
            pdf = File(key=f"{file.key}/pdf", name=file.name, media_type=PDF, content=content)
        else:
            main = self.received & self.move.sudo().message_main_attachment_id
            pdf = self.files.file(main) if main and self.files.media_type(main) == PDF else None
        takes = pdf and not refusal(self.facts.profile, pdf.name, PDF, pdf.content)
        return [(pdf, True)] if takes else []

    def _annexes(self, chosen, same):
        """``([(file, False)], [Problem])``: every other file, where the receiver takes annexes."""
        if not self.facts.profile.annexes:
            return [], []
        annexes, problems = [], []
        known = {file.checksum for file, _same in same}
        for attachment in self.received - chosen:
            file = self.files.file(attachment)
            if file.checksum in known or self.files.looks_like_e_invoice(attachment):
                continue
            known.add(file.checksum)
            if refusal(self.facts.profile, file.name, file.media_type, file.content):
                values = {"name": in_words(file.name), "blocking": False}
                problem = self.facts.problem(self.move, DATA_REFUSED, "annex_left_out", **values)
                problems.append(problem)
            else:
                annexes.append((file, False))
        return annexes, problems

    # It goes already

    def _goes_twice(self):
        """``[Problem]``: the supplier's bill was entered twice, as one that came by mail and by
        Peppol is; a person decides."""
        other = self.facts.entered_twice.get(self.move.id)
        if not other:
            return []
        problem = self.facts.problem(
            self.move,
            DECISION,
            "same_number",
            overridable=True,
            note={"number": [self.move.ref, other]},
            document=self.move.name,
            number=in_words(self.move.ref),
            other=other,
        )
        return [problem]

    # What it says

    def _vat_totals(self, head):
        if not head or not head.vat_totals:
            return posted_vat(self.move)
        sign = head.sign_for(self.kind)
        return tuple(
            VatTotal(code=one.code, rate=one.rate, base=sign * one.base, vat=sign * one.vat)
            for one in head.vat_totals
        )

    def _told_apart(self, head):
        """``{what: (in the e-invoice, in Odoo)}`` of what differs."""
        if head is None:
            return {}
        move, told = self.move, {}
        numbers = {_plain(number) for number in (move.ref, move.name) if number}
        if head.number and move.ref and _plain(head.number) not in numbers:
            told["number"] = (in_words(head.number), in_words(move.ref))
        currency = move.currency_id
        total = to_decimal(move.amount_total, currency.decimal_places)
        theirs = None if head.total is None else head.sign_for(self.kind) * head.total
        if head.currency and head.currency != currency.name or theirs not in (None, total):
            told["total"] = (
                Amount(theirs if theirs is not None else 0, head.currency or currency.name),
                Amount(total, currency.name),
            )
        return told

    def _differences(self, attachment, head):
        """``[Problem]``: a person looks at it, and may send it all the same."""
        told = self._told_apart(head)
        if not told:
            return []
        sentences = {
            "number": _lt(
                "it has the number %(there)s, in Odoo the bill's is %(here)s.",
                there=told["number"][0],
                here=told["number"][1],
            )
            if "number" in told
            else "",
            "total": _lt(
                "its total is %(there)s, in Odoo %(here)s.",
                there=told["total"][0],
                here=told["total"][1],
            )
            if "total" in told
            else "",
        }
        problem = self.facts.problem(
            self.move,
            DECISION,
            "original_differs",
            overridable=True,
            note={what: [str(there), str(here)] for what, (there, here) in told.items()},
            document=self.move.name,
            name=in_words(attachment.name),
            differences=joined(*sentences.values()),
        )
        return [problem]


def _plain(number):
    return "".join(number.split()).casefold()
