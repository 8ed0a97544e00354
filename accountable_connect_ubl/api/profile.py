"""What a receiver takes, and how: data, no Odoo."""

from dataclasses import dataclass, replace

from .letter import MailRules, largest_file


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """* ``file_name`` is a pattern with ``{type}``, ``{vat}`` (of the seller) and ``{number}``.
    * ``pdf_beside``: the PDF of an e-invoice goes as a second file of the same base name too.
    * ``annexes``: other files of a bill go as well.
    * ``media_types``: what is taken; an e-invoice is ``application/xml``.
    * ``pdf_alone``: a document without an e-invoice may go as its PDF.
    * ``zip_allowed``: several files may come as a ZIP.
    * ``largest``: of one file, in bytes; 0: no limit.
    * ``locked_pdf``: a PDF that asks for a password may go; few programs open one.
    * ``forwards_to_customer``: it sends sales documents on to the customer, so none go there.
    * ``mail``: what it asks of e-mails.
    """

    name: str
    file_name: str = "{type}_{vat}_{number}"
    pdf_beside: bool = False
    annexes: bool = False
    media_types: frozenset[str] = frozenset({"application/xml", "application/pdf"})
    pdf_alone: bool = True
    zip_allowed: bool = True
    largest: int = 0
    locked_pdf: bool = False
    forwards_to_customer: bool = False
    mail: MailRules = MailRules()

    def by_mail(self) -> "Profile":
        """What it takes by e-mail: a file that fits in one, and the PDF beside it or not."""
        limits = [self.largest] if self.largest else []
        if self.mail.largest:
            limits.append(largest_file(self.mail.largest))
        return replace(self, largest=min(limits, default=0), pdf_beside=self.mail.pdf_beside)
