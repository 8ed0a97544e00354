"""Why a document cannot enter a batch, in words for a bookkeeper: one table, by code.

``%(document)s`` is the document in Odoo, ``%(journal)s`` a journal of WinBooks, ``%(year)s`` a book
year.
"""

from odoo.addons.accountable_connect.api.concerns import CONNECTION, RECORD
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

SENTENCES = {
    "not_in_euro": _lt(
        "%(document)s: the company keeps its books in %(currency)s, and WinBooks takes amounts in"
        " euro only."
    ),
    "no_book_year": _lt(
        "No book year is known for %(date)s. Type the book years of WinBooks in the connection,"
        " under “Accounts, codes and book years”."
    ),
    "no_running_number": _lt(
        "%(document)s has no running number that WinBooks can take: its number has to end in digits"
        " other than zero."
    ),
    "running_number_too_long": _lt(
        "The running number of %(document)s is %(number)s. WinBooks takes up to 8 digits, and"
        " numbers from 90000001 on are kept for entries that undo another one."
    ),
    "number_taken": _lt(
        "Number %(number)s in journal %(journal)s of book year %(year)s is that of %(other)s"
        " already: two number sequences of Odoo share this journal, or a sequence begins anew"
        " within the book year. Give %(document)s a number of its own, or its journal another one"
        " in WinBooks."
    ),
    "journal_too_long": _lt(
        "Journal %(journal)s has a code of more than 6 characters, which WinBooks does not take."
    ),
    "account_too_long": _lt(
        "Ledger account %(account)s has a number of more than 8 characters, which WinBooks does not"
        " take."
    ),
    "vat_code_too_long": _lt(
        "VAT code %(vat_code)s has more than 6 characters, which WinBooks does not take."
    ),
    "numbers_used_up": _lt(
        "Journal %(journal)s of book year %(year)s has no number left for %(document)s."
    ),
}
CONCERNS = {
    "not_in_euro": CONNECTION,
    "no_book_year": CONNECTION,
    "no_running_number": RECORD,
    "running_number_too_long": RECORD,
    "number_taken": RECORD,
    "journal_too_long": "journal",
    "account_too_long": "ledger_account",
    "vat_code_too_long": "vat_code",
    "numbers_used_up": CONNECTION,
}
