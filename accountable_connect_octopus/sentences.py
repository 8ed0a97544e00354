"""What an error of Octopus means, in words for a bookkeeper: one table, by code.

Negative codes are the service's own, the others those of our client. ``%(detail)s`` is what
Octopus itself says.
"""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

SENTENCES = {
    # Signing in and the dossier
    "-1": _lt(
        "Octopus refuses the user or password, or the user has no webservice module. Ask your"
        " accountant to switch the module on, then enter the password again."
    ),
    "-2": _lt("Octopus does not accept the sign-in any more. Test the sign-in."),
    "-3": _lt("The Octopus user has no access to this dossier. Ask your accountant for it."),
    "-5": _lt("The dossier is disabled in Octopus. Ask your accountant."),
    "-51": _lt("Octopus has too many connections at the moment."),
    "-68": _lt("Octopus does not know the software house id. Enter the id that Octopus gave you."),
    "401": _lt(
        "Octopus refuses the user or password. Enter the password again: every wrong try is counted"
        " by Octopus."
    ),
    "refused": _lt(
        "Octopus refused this password before; it is not tried again, because Octopus counts wrong"
        " passwords. Enter the password again, or test the sign-in."
    ),
    "token_unreadable": _lt(
        "Octopus sent a token that cannot be used: it has characters that no token has. Odoo tries"
        " again."
    ),
    "no_dossier": _lt("No Octopus dossier is chosen yet."),
    "address": _lt(
        "There is no Octopus at the address of this sign-in. Correct the Octopus address there; it"
        " ends in /octopus-rest-api/v1."
    ),
    "sandbox_not_allowed": _lt(
        "The address of this sign-in is a sandbox on this server, which the server's configuration"
        " does not allow: its administrator sets allow_sandboxes = True in the section"
        " [accountable_connect] of odoo.conf."
    ),
    # Head of a booking
    "-9": _lt("Octopus does not know the book year. Read the master data again."),
    "-10": _lt("Octopus has no journal %(journal)s. Choose another one in the journal mapping."),
    "-11": _lt(
        "Journal %(journal)s is closed in Octopus. When your accountant has opened it, press Retry."
    ),
    "-12": _lt(
        "Somebody has journal %(journal)s open in Octopus. It is sent when the journal is "
        "closed there."
    ),
    "-13": _lt(
        "Number %(number)s of journal %(journal)s is not the next one in Octopus any more: somebody"
        " booked there by hand."
    ),
    "-14": _lt("Octopus has no period %(period)s in this book year."),
    "-15": _lt(
        "Period %(period)s of journal %(journal)s is protected in Octopus. When your accountant has"
        " opened it, press Retry."
    ),
    "-16": _lt("Octopus does not know the contact %(party)s any more."),
    # known before the call: the relation was looked up
    "party_unknown": _lt("Octopus does not know the contact %(party)s any more."),
    "-17": _lt("Octopus refuses the date of the document."),
    "-18": _lt("Octopus refuses the due date of the document."),
    "-19": _lt("Octopus does not know the currency %(currency)s."),
    "-20": _lt("Octopus refuses the exchange rate of %(currency)s."),
    "-24": _lt("Octopus cannot book the document: %(detail)s"),
    "-29": _lt(
        "Journal %(journal)s takes invoices of Octopus's own invoice module, no bookings. Choose"
        " another journal in the mapping."
    ),
    "-34": _lt("The booking is not in Octopus any more."),
    # with what it is matched is said where that can be told
    "-35": _lt(
        "Octopus does not change the booking, because it is matched with a payment or a credit note"
        " there: %(detail)s Ask your accountant to undo the match, then press Retry; or press Skip"
        " and correct it with a credit note."
    ),
    "-38": _lt(
        "Journal %(journal)s is of another kind in Octopus. Choose another one in the mapping."
    ),
    "book_year_closed": _lt(
        "The book year of %(date)s is closed in Octopus. When your accountant has opened it, read"
        " the master data again, then press Retry."
    ),
    "no_period": _lt(
        "Octopus has no book year for %(date)s. Ask your accountant to open it, then read the"
        " master data again."
    ),
    "negative_total": _lt("Octopus takes no document with a negative total."),
    "moved": _lt(
        "Octopus cannot move a booking to another journal or book year; %(document)s is in "
        "journal %(journal)s. Press “Cancel the booking and book again”: its opposite is booked, "
        "then the document where it belongs now."
    ),
    "number": _lt("An amount of this document has more digits than Octopus can take."),
    # Lines of a booking
    "-21": _lt(
        "Octopus has no ledger account %(account)s. Choose another one in the mapping. %(detail)s"
    ),
    "-22": _lt(
        "Octopus has no VAT code %(vat_code)s. Choose another one in the mapping. %(detail)s"
    ),
    "-23": _lt("A line has a base and VAT with opposite signs, which Octopus refuses."),
    "-30": _lt("Octopus refuses the deductible share of a line: %(detail)s"),
    "-40": _lt(
        "Octopus has no cost centre %(cost_centre)s. Choose another one in the mapping. %(detail)s"
    ),
    "-41": _lt(
        "Cost centre %(cost_centre)s is closed in Octopus. Choose another one in the mapping."
        " %(detail)s"
    ),
    "-50": _lt(
        "Ledger account %(account)s of Octopus cannot be booked on. Choose another one in the"
        " mapping. %(detail)s"
    ),
    "-75": _lt(
        "VAT code %(vat_code)s is for the other kind of journal. Choose another one in the mapping."
        " %(detail)s"
    ),
    # Contacts and files
    "-7": _lt("Octopus refuses the contact %(party)s: %(detail)s"),
    "external_number": _lt(
        "In Octopus the external number %(number)s is on a different contact than %(party)s."
    ),
    "other_company": _lt(
        "The relation of %(party)s in Octopus is now another company, %(held)s: its VAT number "
        "differs. Press “It is the same one”, or correct one of the two."
    ),
    "empty_file": _lt("The file %(file)s is empty."),
    "413": _lt("Octopus finds the files of this document too large."),
    # Answers
    "no_connection": _lt("Octopus cannot be reached at the moment."),
    "no_answer": _lt("Octopus did not answer."),
    "no_json": _lt("Octopus answered something that cannot be read."),
    "no_time": _lt("There was no time left for this call. Odoo tries again."),
    "too_much_to_send": _lt(
        "%(megabytes)s MB are too much to send to Octopus at once: at most %(most_megabytes)s MB go"
        " in the time that a call may take. Make the files smaller."
    ),
    "too_large": _lt("The answer of Octopus is larger than can be read."),
}

# Where neither code nor kind says more than Octopus itself.
RAW = _lt("Octopus refuses it: %(detail)s")
