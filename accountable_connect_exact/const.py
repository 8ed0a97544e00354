"""Tables of Exact Online: country sites, lengths, transaction types, topics of webhooks."""

# Every country has an installation of its own, with its own users, apps and tokens.
SITES = {
    "BE": "https://start.exactonline.be",
    "NL": "https://start.exactonline.nl",
    "DE": "https://start.exactonline.de",
    "FR": "https://start.exactonline.fr",
    "ES": "https://start.exactonline.es",
    "GB": "https://start.exactonline.co.uk",
    "US": "https://start.exactonline.com",
}

# ``Type`` of an entry and ``TransactionType`` of a term or transaction line.
SALES_ENTRY, SALES_CREDIT_NOTE = 20, 21
PURCHASE_ENTRY, PURCHASE_CREDIT_NOTE = 30, 31
OPENING_BALANCE = 10
CASH_FLOW = 40
REVALUATION, EXCHANGE_DIFFERENCE, PAYMENT_DIFFERENCE = 80, 82, 83
OTHER = 90

# ``Status`` of an entry.
REJECTED, OPEN, PROCESSED = 5, 20, 50
# ``Status`` of a term: 20 open, 30 selected, 40 in process, 50 matched.
TERM_OPEN, TERM_SELECTED, TERM_IN_PROCESS, TERM_MATCHED = 20, 30, 40, 50
# ``LineType`` of a term.
RECEIVABLE, PAYABLE = 20, 22

# ``Type`` of a document.
SALES_DOCUMENT, PURCHASE_DOCUMENT = 10, 20

# ``Type`` of a journal.
JOURNAL_TYPES = {20: "sale", 22: "purchase", 10: "cash", 12: "bank", 16: "bank", 90: "misc"}

# ``EntityType`` of sync/Deleted.
DELETED_ACCOUNT = 2
DELETED_TERM = 10
# Deletions are kept two months; a cursor older than that reads everything.
DELETED_KEPT_DAYS = 60

# Topics of webhooks that tell us something.
TOPICS = ("Accounts", "SalesEntries", "PurchaseEntries", "BankEntries", "CashEntries")

# An entry number is an Int32.
HIGHEST_ENTRY_NUMBER = 2**31 - 1

# Longest texts. Those of an account are documented; the vendor states none for an entry, these fit
# what other clients report.
NAME_LENGTH = 50
ADDRESS_LENGTH = 100
CITY_LENGTH = 30
POSTAL_CODE_LENGTH = 10
EMAIL_LENGTH = 128
WEBSITE_LENGTH = 60
PHONE_LENGTH = 25
VAT_NUMBER_LENGTH = 35
JOB_TITLE_LENGTH = 50
TEXT_LENGTH = 60
REFERENCE_LENGTH = 30
PAYMENT_REFERENCE_LENGTH = 50
SUBJECT_LENGTH = 60
FILE_NAME_LENGTH = 100
# No number is published; larger files were reported as failing.
LARGEST_FILE = 10 * 1024 * 1024
