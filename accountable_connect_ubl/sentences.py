"""Why a document is not delivered, in words for a bookkeeper: one table, by code.

``%(document)s`` is the document in Odoo, ``%(name)s`` a file, ``%(reason)s`` a sentence of Odoo or
of a rule of e-invoicing.
"""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

SENTENCES = {
    # What we write ourselves
    "not_an_e_invoice": _lt(
        "%(document)s cannot become an e-invoice: %(reason)s Correct it, or allow PDF instead in"
        " the settings of the connection."
    ),
    "goes_as_pdf": _lt(
        "%(document)s goes as PDF, because it cannot become an e-invoice: %(reason)s"
    ),
    "no_electronic_address": _lt("%(document)s: %(reason)s"),
    "receipt": _lt(
        "%(document)s is a receipt, of which there is no e-invoice. It goes where the receiver"
        " takes a PDF and the connection allows it."
    ),
    "pdf_failed": _lt("Odoo could not make the PDF of %(document)s: %(reason)s"),
    "forwards_sales": _lt(
        "%(receiver)s sends invoices on to the customer, who has them already: sales do not go"
        " there. Switch them off in the settings of the connection."
    ),
    "no_receiver": _lt("No receiver is chosen. Choose one in the settings of the connection."),
    "shared_address": _lt(
        "%(address)s is the address of all companies, at which the receiver finds yours in the"
        " e-invoice: %(name)s is none. Give the address of your own company in the settings of the"
        " connection, or hand it over another way."
    ),
    "shared_address_other": _lt(
        "%(name)s does not name %(company)s by its VAT number or enterprise number, by which the"
        " receiver finds the company at %(address)s, the address of all companies: it would go"
        " astray. If it is meant for %(company)s, give the address of your own company in the"
        " settings of the connection, or hand it over another way."
    ),
    # Originals of bills
    "no_file": _lt("%(document)s has no file. Attach the bill to it: it goes by itself then."),
    "several_files": _lt(
        "%(document)s has several files, and none is the main one: %(names)s. Remove what is not"
        " the bill, or open the bill and show its file beside it."
    ),
    "original_differs": _lt(
        "%(document)s is not what its e-invoice %(name)s says: %(differences)s Correct the bill, or"
        " send it anyway: the accountant gets the e-invoice."
    ),
    "same_number": _lt(
        "%(document)s has the same number of the supplier (%(number)s) as %(other)s: your"
        " accountant would book it twice. If it is the same bill, cancel one of both; if not, send"
        " it anyway."
    ),
    "annex_left_out": _lt("The receiver does not take the file %(name)s: it stays here."),
    # What no receiver, or not this one, takes
    "file_empty": _lt("The file %(name)s is empty. Attach it again."),
    "file_too_large": _lt(
        "The file %(name)s has %(size)s MB; the receiver takes %(largest)s MB. Attach a smaller"
        " one."
    ),
    "file_type": _lt(
        "The receiver does not take the file %(name)s, because of its type. Attach the bill as PDF."
    ),
    "file_differs": _lt(
        "The file %(name)s is not what it is called: its contents are of another type. Attach the"
        " right one."
    ),
    "file_password": _lt("The PDF %(name)s asks for a password. Attach one without."),
    "file_dtd": _lt(
        "The XML %(name)s has a document type (DTD), which could bring in other files: it does not"
        " go. Ask the sender for an e-invoice without it."
    ),
    "file_damaged": _lt("The XML %(name)s is damaged and cannot be read. Attach the right one."),
}
