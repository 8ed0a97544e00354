"""What an error of Exact Online means, in words for a bookkeeper: one table, by code.

Exact gives no codes: they are those of our client, of what its messages mean
(``api/catalogue.py``) and of what is checked before anything is sent. ``%(detail)s`` is what Exact
itself says, in the language of the user who signed in.
"""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

SENTENCES = {
    # Signing in
    "not_signed_in": _lt("Nobody signed in at Exact Online yet. Sign in."),
    "old_refresh_token": _lt(
        "Exact Online does not know this sign-in any more: another system, such as a copy of this"
        " database, used it, or an answer was lost. Sign in again."
    ),
    "consent_expired": _lt(
        "The consent at Exact Online expired or was withdrawn. It lasts thirty days without use."
        " Sign in again."
    ),
    "token_refused": _lt(
        "Exact Online does not accept this sign-in any more; the consent may have been withdrawn."
        " Sign in again."
    ),
    "code_refused": _lt(
        "Exact Online did not take the consent: it works once and for a short time only. Sign in"
        " again."
    ),
    "app_refused": _lt(
        "Exact Online refuses the app. Compare client ID, client secret and redirect address with"
        " those in the app centre of this country's Exact Online, then sign in again."
    ),
    "token_unreadable": _lt(
        "Exact Online sent a token that cannot be used: it has characters that no token has. Sign"
        " in again."
    ),
    "token_limit": _lt("Exact Online was asked for sign-in tokens too often. Odoo waits."),
    "token_too_early": _lt("Exact Online refuses the sign-in at the moment. Odoo tries again."),
    "token_renewed": _lt("Another worker is renewing the sign-in. Odoo tries again."),
    "no_division": _lt("No administration of Exact Online is chosen yet."),
    "address": _lt(
        "There is no Exact Online at the address of this sign-in. Choose the country again."
    ),
    "sandbox_not_allowed": _lt(
        "The address of this sign-in is a sandbox on this server, which the server's configuration"
        " does not allow: its administrator sets allow_sandboxes = True in the section"
        " [accountable_connect] of odoo.conf."
    ),
    # Rights
    "scope_missing": _lt(
        "The app at Exact Online lacks the scope %(scope)s. Add it in the app centre, then sign in"
        " again."
    ),
    "division_not_granted": _lt(
        "The consent at Exact Online does not include this administration any more; others on the"
        " same sign-in go on. Sign in again and tick it under “Permitted companies”, or ask your"
        " accountant for the right (App permissions)."
    ),
    "NoDivisionAccess": _lt(
        "The Exact Online user has no access to this administration. Ask your accountant for it."
    ),
    "DivisionBlocked": _lt(
        "The administration is blocked in Exact Online at the moment, for a backup or a conversion."
    ),
    "BlockedUser": _lt(
        "The user is blocked in Exact Online. Have the user released there, or sign in as "
        "another one."
    ),
    "InactiveUser": _lt("The user is not active in Exact Online any more. Sign in as another one."),
    "BlockedCustomer": _lt("Exact Online has blocked this customer. Ask Exact or your accountant."),
    "LicenseExpired": _lt("The licence of Exact Online has expired. Ask Exact or your accountant."),
    "no_right": _lt(
        "The Exact Online user has no right to do this: %(detail)s Ask your accountant to give it."
    ),
    # Limits
    "minute_limit": _lt(
        "Exact Online takes no more calls this minute. Odoo goes on automatically."
    ),
    "daily_limit": _lt(
        "The calls that Exact Online allows a day are used up, except a few kept for looking things"
        " up. Odoo goes on when the day is over there."
    ),
    "error_budget": _lt(
        "Exact Online refused %(entity)s too often within an hour. Odoo waits, because Exact blocks"
        " who goes on. Look at what was refused."
    ),
    # Head of an entry
    "journal_unknown": _lt(
        "Exact Online has no journal %(journal)s. Choose another one in the journal mapping."
    ),
    "journal_type": _lt(
        "Journal %(journal)s is of another kind in Exact Online. Choose another one in the mapping."
    ),
    "journal_blocked": _lt(
        "Journal %(journal)s is blocked in Exact Online. Have it released, or choose another one "
        "in the mapping."
    ),
    "period_closed": _lt(
        "Period %(period)s of journal %(journal)s is closed in Exact Online. When your accountant"
        " has opened it, read the master data again, then press Retry."
    ),
    "no_period": _lt(
        "Exact Online has no period for %(date)s. Ask your accountant to open the year, then read"
        " the master data again."
    ),
    "date": _lt("Exact Online refuses a date of %(document)s: %(detail)s"),
    "currency_unknown": _lt(
        "Currency %(currency)s is not active in Exact Online. Ask your accountant to switch it on."
    ),
    "rate_not_allowed": _lt(
        "Journal %(journal)s takes no exchange rate in Exact Online. Ask your accountant to allow"
        " other currencies, or choose another journal in the mapping."
    ),
    "payment_condition_unknown": _lt(
        "Exact Online does not know the payment condition of %(document)s. Choose another one in"
        " the mapping of payment terms."
    ),
    "payment_condition_missing": _lt(
        "Exact Online needs a payment condition for %(document)s. Map its payment term, or set a"
        " condition on the account there."
    ),
    "number_in_use": _lt(
        "The entry number is in use in journal %(journal)s of Exact Online. See whether"
        " %(document)s is booked there already."
    ),
    "negative_total": _lt(
        "%(document)s has a negative total, which Exact Online would book as the opposite document."
        " Make it a credit note, or an invoice."
    ),
    "no_lines": _lt("%(document)s has no line that can be booked."),
    "processed": _lt(
        "%(document)s was processed or matched with a payment in Exact Online and cannot be changed"
        " there any more. Book a credit note."
    ),
    "entry_gone": _lt("The entry of %(document)s is not in Exact Online any more."),
    "amount_differs": _lt(
        "Exact Online booked %(document)s with a total of %(booked)s instead of %(total)s; the"
        " entry was removed again. Compare VAT codes and amounts with your accountant."
    ),
    "kind_differs": _lt(
        "Exact Online booked %(document)s as the opposite document; the entry was removed again."
        " Look at the signs of its lines."
    ),
    "changed_otherwise": _lt(
        "After the change the entry of %(document)s has a total of %(booked)s in Exact Online"
        " instead of %(total)s. Correct it there, together with your accountant."
    ),
    "moved": _lt(
        "%(document)s is in another journal or year of Exact Online, or as another kind of "
        "document, and cannot be moved there. Press “Cancel the booking and book again”: it is "
        "removed, or its opposite is booked, then the document where it belongs now."
    ),
    "exists": _lt("Exact Online has this already: %(detail)s"),
    "number": _lt("An amount of this document has more digits than Exact Online can take."),
    # Lines of an entry
    "account_unknown": _lt(
        "Ledger account %(account)s of %(document)s does not exist in Exact Online. Map another"
        " one, or read the master data again."
    ),
    "account_type": _lt(
        "A line of %(document)s is booked on %(account)s, which is a receivable, payable or VAT"
        " account in Exact Online. Map another ledger account."
    ),
    "account_blocked": _lt(
        "A ledger account of %(document)s is blocked in Exact Online: %(detail)s Map another one, "
        "or have it released."
    ),
    "line_without_vat_code": _lt(
        "A line of %(document)s has no VAT code. Map *no tax* to a VAT code of Exact Online."
    ),
    "vat_code_unknown": _lt(
        "VAT code %(vat_code)s of %(document)s does not exist in Exact Online. Choose another one"
        " in the mapping of taxes."
    ),
    "vat_code_blocked": _lt(
        "A VAT code of %(document)s is blocked in Exact Online: %(detail)s Choose another one in"
        " the mapping of taxes."
    ),
    "vat_code_inclusive": _lt(
        "With VAT code %(vat_code)s Exact Online takes amounts to include VAT. Choose one for"
        " amounts without VAT in the mapping of taxes."
    ),
    "vat_code_scope": _lt(
        "VAT code %(vat_code)s of %(document)s is for the other side: sales or purchases. Choose"
        " another one in the mapping of taxes."
    ),
    "vat_code_takes_no_vat": _lt(
        "%(document)s has VAT on a line with VAT code %(vat_code)s, which takes none. Choose"
        " another one in the mapping of taxes."
    ),
    "vat_code_not_charged": _lt(
        "%(document)s has reverse-charged VAT on a line with VAT code %(vat_code)s, which charges"
        " none. Choose another one in the mapping of taxes."
    ),
    "vat_code_not_allowed": _lt(
        "Journal %(journal)s takes no VAT code in Exact Online. Choose another journal in the"
        " mapping."
    ),
    "vat_percentage": _lt(
        "A VAT code of %(document)s has no percentage that fits in Exact Online: %(detail)s Choose"
        " another one in the mapping of taxes, or ask your accountant."
    ),
    "vat_account": _lt(
        "The ledger accounts of a VAT code are not set up as VAT accounts in Exact Online:"
        " %(detail)s Ask your accountant."
    ),
    "vat_amount_not_allowed": _lt(
        "%(document)s has VAT on a line whose VAT code takes none in Exact Online. Choose another"
        " one in the mapping of taxes."
    ),
    "cost_centre_unknown": _lt(
        "Exact Online does not know a cost centre or cost unit of %(document)s: %(detail)s Choose"
        " another one in the mapping."
    ),
    "cost_centre_missing": _lt(
        "Exact Online demands a cost centre or cost unit on a line of %(document)s (account"
        " %(account)s). Set an analytic account on that line, and map it."
    ),
    "cost_unit_missing": _lt(
        "Exact Online demands a cost unit on a line of %(document)s (account %(account)s). Set an"
        " analytic account on that line, and map it."
    ),
    # Contacts and files
    "party_missing": _lt("Exact Online got no account for %(document)s: %(detail)s"),
    "party_unknown": _lt(
        "Exact Online does not know the account of %(party)s any more. Choose *Update in the "
        "accounting package* on the contact: it is searched for there, and created again if need "
        "be."
    ),
    "party_blocked": _lt(
        "The account of %(party)s is blocked in Exact Online. Have it released there."
    ),
    "no_name": _lt("A contact without a name cannot be sent to Exact Online."),
    "external_number": _lt(
        "In Exact Online the search code ODOO-%(number)s is on a different account than "
        "%(party)s. Link the contact with that account if it is the same, else empty the search "
        "code there."
    ),
    "other_company": _lt(
        "The account of %(party)s in Exact Online is now another company, %(held)s: its VAT "
        "number or registry number differs. Press “It is the same one”, or correct one of the "
        "two."
    ),
    "not_customer": _lt(
        "%(party)s is not a customer in Exact Online. Set its status there to customer."
    ),
    "not_supplier": _lt("%(party)s is not a supplier in Exact Online. Tick *supplier* there."),
    "document_type": _lt(
        "The Exact Online user may not create documents, so files cannot be sent. Ask your"
        " accountant for a user of another kind."
    ),
    "empty_file": _lt("The file %(file)s is empty."),
    "file_too_large": _lt(
        "The file %(file)s is larger than the %(largest)s MB that Exact Online takes."
    ),
    "413": _lt("Exact Online finds the file %(file)s too large."),
    # Notifications
    "callback": _lt(
        "Exact Online cannot reach this Odoo to report changes: %(detail)s It needs an https "
        "address that can be reached from outside."
    ),
    # Answers
    "not_found": _lt("It is not in Exact Online any more."),
    "no_time": _lt("There was no time left for this call. Odoo tries again."),
    "too_much_to_send": _lt(
        "%(megabytes)s MB are too much to send to Exact Online at once: at most %(most_megabytes)s"
        " MB go in the time that a call may take. Make the files smaller."
    ),
    "no_connection": _lt("Exact Online cannot be reached at the moment."),
    "no_answer": _lt("Exact Online did not answer."),
    "no_json": _lt("Exact Online answered something that cannot be read."),
    "server_error": _lt("Exact Online has a problem of its own at the moment: %(detail)s"),
    "too_large": _lt("The answer of Exact Online is larger than can be read."),
}

# Where neither code nor kind says more than Exact Online itself.
RAW = _lt("Exact Online refuses it: %(detail)s")
# What ended the sign-in, where no code says more.
LOST = _lt("Exact Online does not know this sign-in any more. Sign in again.")
