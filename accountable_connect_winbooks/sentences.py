"""What WinBooks says of a file, in words for a bookkeeper.

``SENTENCES`` are what is found before a batch leaves: ``%(document)s`` is the document in Odoo,
``%(third)s`` the number of its customer or supplier, ``%(file)s`` and ``%(line)s`` the place,
``%(field)s`` the column and ``%(value)s`` what stands there.

``CODES`` are what the import of WinBooks itself says, for whoever tells it in Odoo:
``{code: (whether it stops the import, what it means and what to do)}``.
"""

from odoo.addons.accountable_connect.documents.sentence import SentencesOf

from .api.validator.codes import LINKER

_lt = SentencesOf(__name__)

SENTENCES = {
    # What WinBooks has a code for
    "ACC_FLD": _lt(
        "%(document)s: line %(line)s of %(file)s has %(count)s fields instead of %(other)s. This"
        " is a fault of the addon: report it."
    ),
    "ACC_MISS": _lt(
        "%(document)s: WinBooks may not know customer or supplier %(value)s, and nothing of it is"
        " sent. The office is asked."
    ),
    "ACC_MOD": _lt(
        "%(document)s: customer or supplier %(value)s is twice in the batch, with different data."
        " The office is asked."
    ),
    "ACN_MIS": _lt(
        "%(document)s: account %(account)s is not in the list of accounts of WinBooks. Map the"
        " account of Odoo to one that is there, or add this one to the list."
    ),
    "BAD_DATE": _lt("%(document)s: %(field)s “%(value)s” is no date. Correct it in Odoo."),
    "BKC_ERR": _lt(
        "%(document)s: the bank account %(value)s of %(third)s is no Belgian account number as"
        " WinBooks writes it. The office is asked."
    ),
    "CAR_ERR": _lt(
        "%(document)s: %(field)s “%(value)s” has a sign that WinBooks does not take. Use letters"
        " and digits only."
    ),
    "CAR_SPA": _lt("%(document)s: %(field)s “%(value)s” begins with a blank. Take the blank away."),
    "CID_ERR": _lt(
        "%(document)s: account %(value)s cannot be that of a customer or supplier: it should begin"
        " with %(expected)s. Correct it in the settings of the connection."
    ),
    "CUR_ERR": _lt(
        "%(document)s: the rate %(value)s does not lead from %(other)s in foreign currency to"
        " %(amount)s in euro. The office is asked."
    ),
    "DBK_EMP": _lt(
        "%(document)s: journal %(journal)s would be used as type %(value)s and as type %(other)s"
        " in one batch. Map invoices and credit notes to journals of their own."
    ),
    "DBK_ERR": _lt("%(document)s: WinBooks keeps journal %(value)s for itself. Map another one."),
    "DBK_MISS": _lt(
        "%(document)s: journal %(journal)s is not in the list of journals of WinBooks. Map one"
        " that is there, or add this one to the list."
    ),
    "DBK_TYP": _lt(
        "%(document)s: journal %(journal)s is of type %(other)s in WinBooks, and this document"
        " needs one of type %(value)s. Map invoices and credit notes to journals of their own."
    ),
    "DBK_TYP2": _lt(
        "%(document)s: “%(value)s” is no type of journal in WinBooks. This is a fault of the"
        " addon: report it."
    ),
    "DEC_ERR": _lt(
        "%(document)s: %(field)s %(value)s has more than %(decimals)s decimals. This is a fault of"
        " the addon: report it."
    ),
    "DOC_BAL": _lt(
        "%(document)s does not balance: its entries differ by %(value)s. Check the settings about"
        " VAT of the connection."
    ),
    "DOC_EXI": _lt(
        "%(document)s: number %(value)s of journal %(journal)s is used in another period of this"
        " batch already. Give the document another number."
    ),
    "DOC_NUM": _lt(
        "%(document)s: number %(value)s of journal %(journal)s is twice in this batch. Give one of"
        " both documents another number."
    ),
    "FLD_MISS": _lt(
        "%(document)s: line %(line)s of %(file)s ends before %(field)s, which WinBooks needs. This"
        " is a fault of the addon: report it."
    ),
    "LANG_ERR": _lt(
        "%(document)s: WinBooks may not know language “%(value)s” of %(third)s. The office is"
        " asked."
    ),
    "LEN_ACCO": _lt(
        "%(document)s: account %(account)s does not have %(width)s digits, as all accounts of this"
        " folder of WinBooks. Map another one, or correct the settings of the connection."
    ),
    "LOCKPER": _lt(
        "%(document)s: the period of %(day)s is closed in WinBooks. Press Retry for a bill: it"
        " goes in the first open period. Of a sale, change the date; or open the period in the list"
        " of book years, when WinBooks has it open."
    ),
    "MAT_ERR": _lt(
        "%(document)s: %(field)s “%(value)s” would match the entry with others. The office is"
        " asked."
    ),
    "NAM_ERR": _lt(
        "%(document)s: customer or supplier %(value)s has no name. The office is asked."
    ),
    "NOT_FILL": _lt("%(document)s: %(field)s is empty, and WinBooks needs it. Fill it in Odoo."),
    "OPE_MIS": _lt(
        "%(document)s has one entry only, and WinBooks wants one on each side. Correct the lines"
        " of the document."
    ),
    "OUT_DAT": _lt(
        "%(document)s: its date, %(value)s, lies outside the period it is booked in, which begins"
        " on %(day)s. The office is asked: accept it."
    ),
    # What no entry can be written of
    "currency_decimals": _lt(
        "%(document)s: amounts in %(currency)s have more than the two decimals that WinBooks"
        " takes. Book the document in euro."
    ),
    "owed_vat_account": _lt(
        "%(document)s: VAT that we owe needs an account for VAT code %(vat_code)s. Fill in the"
        " account of VAT to pay in the settings of the connection."
    ),
    "owed_vat_not_deducted": _lt(
        "%(document)s: of the VAT that we owe under code %(vat_code)s, %(value)s is not deducted,"
        " and WinBooks deducts that code in full: its VAT return would declare too little. Exclude"
        " it from export and give it to the accountant, or map the tax to a code that is"
        " not deductible in full."
    ),
    "vat_without_code": _lt(
        "%(document)s: a line on account %(account)s has VAT, and its tax is mapped to no VAT"
        " code. Map the tax."
    ),
    "zero_total": _lt(
        "%(document)s comes to 0.00 euro, and WinBooks takes no entry of a customer or supplier"
        " without an amount. Exclude it from export."
    ),
    # The files themselves
    "byte_order_mark": _lt(
        "%(document)s: %(file)s begins with the mark of a Unicode file. This is a fault of the"
        " addon: report it."
    ),
    "control_character": _lt(
        "%(document)s: line %(line)s of %(file)s has a sign that cannot be printed (%(byte)s)."
        " Correct the texts of the document or the data of %(third)s."
    ),
    "empty_line": _lt(
        "%(document)s: line %(line)s of %(file)s is empty. This is a fault of the addon: report it."
    ),
    "header_row": _lt(
        "%(document)s: %(file)s begins with names of columns. This is a fault of the addon: report"
        " it."
    ),
    "line_end": _lt(
        "%(document)s: line %(line)s of %(file)s does not end as WinBooks wants it. This is a"
        " fault of the addon: report it."
    ),
    "no_entries": _lt("%(file)s has no entries. This is a fault of the addon: report it."),
    "not_a_flag": _lt(
        "%(document)s: %(field)s “%(value)s” is neither T nor F. This is a fault of the addon:"
        " report it."
    ),
    "not_a_number": _lt(
        "%(document)s: %(field)s “%(value)s” is no number. This is a fault of the addon: report it."
    ),
    "not_cp1252": _lt(
        "%(document)s: line %(line)s of %(file)s has a sign that is not in code page 1252"
        " (%(byte)s). This is a fault of the addon: report it."
    ),
    "quote": _lt(
        "%(document)s: line %(line)s of %(file)s has a quotation mark inside a text. Correct the"
        " texts of the document or the data of %(third)s."
    ),
    "too_long": _lt(
        "%(document)s: %(field)s “%(value)s” is longer than the %(width)s signs that WinBooks has"
        " room for. Use a shorter one."
    ),
    "utf_8": _lt(
        "%(document)s: a text in line %(line)s of %(file)s looks damaged, with two signs where one"
        " letter with an accent should be. Correct it in Odoo."
    ),
    # Entries and documents
    "book_year": _lt(
        "%(document)s: “%(value)s” is no rank of a book year: 1 to 9, then A to Z. Correct it in"
        " the list of book years."
    ),
    "book_year_or_period": _lt(
        "%(document)s: book year and period are filled both or neither, and %(field)s is empty or"
        " filled alone. Correct the list of book years."
    ),
    "currency": _lt("%(document)s: “%(value)s” is no code of a currency (%(field)s)."),
    "document_number": _lt(
        "%(document)s: WinBooks takes no number %(value)s. Give the document another one, of at"
        " most eight digits."
    ),
    "equal_lines": _lt(
        "%(document)s has two equal entries, of which a program that reads WinBooks may see one"
        " only. Give the lines different texts."
    ),
    "line_not_allowed": _lt(
        "%(document)s: an entry of type %(value)s does not fit the type of its journal. Map"
        " another journal."
    ),
    "line_type": _lt(
        "%(document)s: “%(value)s” is no type of entry. This is a fault of the addon: report it."
    ),
    "no_third": _lt("%(document)s has no customer or supplier. Correct it in Odoo."),
    "period": _lt(
        "%(document)s: “%(value)s” is no rank of a period: two digits. Correct the list of book"
        " years."
    ),
    "place_changed": _lt(
        "%(document)s has book year and period %(value)s since it entered its batch, and the list"
        " of book years says otherwise by now. Press Retry."
    ),
    "several_book_years": _lt(
        "%(document)s is in book year %(value)s, and this batch is of %(other)s: WinBooks opens"
        " one at a time. Export it again, into a batch of its own."
    ),
    "several_periods": _lt(
        "%(document)s is in period %(value)s, and this batch is of period %(other)s, the only one"
        " that the office can choose. Export it again, into a batch of its own."
    ),
    "third_totals": _lt(
        "%(document)s: base %(value)s and VAT %(tax)s do not add up to its total %(expected)s."
    ),
    "third_twice": _lt("%(document)s: customer or supplier %(value)s is twice in the batch."),
    "third_type": _lt(
        "%(document)s: “%(value)s” is neither a customer (1) nor a supplier (2). This is a fault"
        " of the addon: report it."
    ),
    "two_thirds": _lt(
        "%(document)s has %(count)s entries of customers or suppliers instead of one. This may be"
        " two documents of one number: give one another number."
    ),
    "vat_amount": _lt(
        "%(document)s: VAT %(value)s under code %(vat_code)s is not what the code gives on"
        " %(base)s, %(expected)s. It is booked as it is on the document."
    ),
    "vat_base_sign": _lt(
        "%(document)s: the base %(value)s under VAT code %(vat_code)s does not have the sign that"
        " its VAT asks for. Check the setting about the VAT base of credit notes."
    ),
    "vat_category": _lt(
        "%(document)s: %(third)s has a VAT number, and is not marked as liable to VAT: WinBooks"
        " would lose the number. This is a fault of the addon: report it."
    ),
    "vat_code_unknown": _lt(
        "%(document)s: VAT code %(vat_code)s is not in the list of VAT codes of WinBooks. Map one"
        " that is there, or add this one to the list."
    ),
    "vat_number": _lt(
        "%(document)s: the VAT number %(value)s of %(third)s is not right, or not written as"
        " WinBooks does. Correct it on the contact."
    ),
    "zero_vat": _lt(
        "%(document)s: the entry of a VAT code without VAT has an amount, %(value)s. This is a"
        " fault of the addon: report it."
    ),
}

MEANINGS = {
    "ACC_FLD": _lt("A line has another number of fields than the rest. Report it, with the file."),
    "ACC_MISS": _lt(
        "WinBooks does not know a customer, supplier or account. Accept, so that it is added, or"
        " add it over there first."
    ),
    "ACC_MOD": _lt(
        "A customer or supplier is written otherwise over there. Ignore keeps what the accountant"
        " has."
    ),
    "ACN_MIS": _lt(
        "WinBooks does not have a ledger account. Map the account of Odoo to one that is there, or"
        " ask the accountant to add it."
    ),
    "ANA_BAL": _lt("Analytical entries do not add up. The files have none: report it."),
    "ANF_MOD": _lt("An analytical account differs. The files have none: report it."),
    "ANT_ST1": _lt("The analytical structure is missing. The files have none: report it."),
    "ANT_ST2": _lt("An analytical zone has another length. The files have none: report it."),
    "ANT_ZON": _lt("Analytical zones are empty. The files have none: report it."),
    "BAD_DATE": _lt("A date does not exist. Correct it on the document."),
    "BKC_ERR": _lt("A Belgian bank account number is wrong. Correct it on the contact."),
    "CAR_ERR": _lt("A code has a sign that WinBooks does not take. Use letters and digits only."),
    "CAR_SPA": _lt("A code begins with a blank. Take the blank away."),
    "CID_ERR": _lt(
        "The central account does not fit a customer or supplier. Correct the accounts in the"
        " settings of the connection."
    ),
    "CUR_ERR": _lt("The rate of a currency does not fit its amounts. Accept, or correct the rate."),
    "DBK_ANT": _lt(
        "The journal of an analytical entry is missing. The files have none: report it."
    ),
    "DBK_EMP": _lt(
        "One journal is used with two types. Map invoices and credit notes to journals of their"
        " own."
    ),
    "DBK_ERR": _lt("Journal REOPEN belongs to WinBooks. Map another one."),
    "DBK_MISS": _lt(
        "WinBooks does not have the journal. Map one that is there, or ask the accountant to add"
        " it."
    ),
    "DBK_TYP": _lt(
        "The journal is of another type in WinBooks. Map invoices and credit notes to journals of"
        " their own."
    ),
    "DBK_TYP2": _lt("A type of journal does not exist. Report it, with the file."),
    "DBT_ANT": _lt("An analytical entry has another type. The files have none: report it."),
    "DEC_ERR": _lt("An amount has more than two decimals. Report it, with the file."),
    "DOC_ANA": _lt("Analytical entries of the document exist already. Keep them, or replace them."),
    "DOC_BAL": _lt(
        "A document does not balance. Check the settings about VAT of the connection: WinBooks may"
        " add an entry itself."
    ),
    "DOC_EXI": _lt(
        "The number stands in that journal already, in another period. The batch was imported"
        " before, or the accountant used the number: bills get another one when you say so with"
        " this code; for a sale, ask the accountant to renumber."
    ),
    "DOC_LCK": _lt(
        "The period is validated and takes no entries. Bills go in the first open period, sales"
        " wait with a question."
    ),
    "DOC_NUM": _lt(
        "The number stands in that period already. Where all of the batch does, it was imported"
        " before: ignore, and refuse nothing. Else the accountant used the number: ignore, and"
        " refuse the document with this code: a bill gets another number; for a sale, ask the"
        " accountant to renumber."
    ),
    "DOC_SIM": _lt("Simulations of the document exist. Ask the accountant to remove them."),
    "FILE_REV": _lt("WinBooks does not say what it means. Ask the office for the whole message."),
    "FLD_MISS": _lt("A field that must be there is missing. Report it, with the file."),
    "LANG_ERR": _lt("WinBooks does not know the language of a contact. Accept, or correct it."),
    "LEN_ACCO": _lt(
        "Accounts have different lengths. Map accounts of the length that the folder has."
    ),
    "LOCKPER": _lt(
        "The period is closed. Bills go in the first open period, sales wait with a question."
    ),
    "MAT_ERR": _lt("Data of matching does not fit. The files have none: report it."),
    "MEM_DIFF": _lt("A memo differs. The files have none: keep the accountant's."),
    "NAM_ERR": _lt("A customer or supplier has no name. Fill it in on the contact."),
    "NOT_FILL": _lt("A field that must be filled is empty. Correct the document."),
    "OPE_MIS": _lt("A document has entries on one side only. Correct its lines."),
    "OUT_DAT": _lt(
        "The date of a document lies outside the period it is booked in: a late bill. Accept it."
    ),
    "SEQ_RUPT": _lt("A number was left out. Accept it: Odoo has the same gap."),
}
CODES = {code: (LINKER[code], sentence) for code, sentence in MEANINGS.items()}
