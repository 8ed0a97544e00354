"""Documents: the entries that belong together, and what holds between them."""

from collections import Counter, defaultdict
from decimal import Decimal

from ..folder import PURCHASE, PURCHASE_REFUND, SALE, SALE_REFUND, Folder
from ..options import Options
from .places import Places
from .record import CUSTOMER, GENERAL, SUPPLIER, THIRDS, ZERO_VAT, Act, check_reference
from .thirds import known_thirds
from .vat import check_vat

# DBKTYPE → the DOCTYPE of its third; in financial and miscellaneous journals any is allowed.
THIRD_OF = {
    PURCHASE: SUPPLIER,
    PURCHASE_REFUND: SUPPLIER,
    SALE: CUSTOMER,
    SALE_REFUND: CUSTOMER,
}


class Documents:
    """Takes the entries one after the other, and holds those of one document only.

    :param thirds: ``{(TYPE, NUMBER)}`` of the records of CSF
    """

    def __init__(self, folder: Folder, options: Options, thirds, report):
        self.folder = folder
        self.options = options
        self.thirds = thirds
        self.report = report
        self.count = 0
        self.places = Places(folder, report)
        self.lengths = AccountLengths(folder, report)
        self.journal_types: dict[str, str] = {}
        # DBKCODE, DBKTYPE, DOCNUMBER, BOOKYEAR → PERIOD
        self.periods: dict[tuple[str, ...], str] = {}
        self._records: list[Act] = []
        chosen = (
            options.customer_account,
            options.supplier_account,
            options.owed_vat_account,
            options.deductible_vat_account,
        )
        # what a person chose in the settings need not stand in the list as well
        self._accounts = folder.accounts and folder.accounts | frozenset(chosen)
        self._known = known_thirds(folder)
        self._types_of_thirds = {kind for kind, _number in thirds} | {
            kind for kind, known in self._known.items() if known
        }

    def add(self, record: Act):
        if self._records and self._records[0].key != record.key:
            self._end_document()
        if not self._records:
            self.count += 1
        self._records.append(record)
        self._check_account(record)
        self._check_third(record)

    def end(self):
        """After the last one."""
        if self._records:
            self._end_document()
        self.lengths.end()

    def _check_account(self, record):
        if not record.account:
            return
        self.lengths.add(record)
        if self._accounts and record.account not in self._accounts:
            self.report.add("ACN_MIS", "ACCOUNTGL", value=record.account, account=record.account)

    def _check_third(self, record):
        third = record.third
        if not third.strip():
            return
        known = self._known.get(record.type, ())
        check_reference("ACCOUNTRP", third, known, self.report)
        if record.type in self._types_of_thirds:
            if third not in known and (record.type, third) not in self.thirds:
                self.report.add("ACC_MISS", "ACCOUNTRP", value=third)

    def _end_document(self):
        records, self._records = self._records, []
        line, document = self.report.line, self.report.document
        self.report.document = records[0].document
        self.report.line = records[0].line
        self._check_journal(records[0])
        self._check_number(records[0])
        self._check_kinds(records)
        self._check_balance(records)
        self._check_equal_lines(records)
        self.places.check(records[0])
        check_vat(records, self.folder, self.options, self.report)
        self.report.line, self.report.document = line, document

    def _check_journal(self, record):
        journal, kind = record.journal, record.journal_type
        first = self.journal_types.setdefault(journal, kind)
        if first != kind:
            self.report.add("DBK_EMP", "DBKTYPE", value=kind, other=first)
        journals = self.folder.journals
        if not journals:
            return
        if journal not in journals:
            self.report.add("DBK_MISS", "DBKCODE", value=journal)
        elif journals[journal] and journals[journal] != kind:
            self.report.add("DBK_TYP", "DBKTYPE", value=kind, other=journals[journal])

    def _check_number(self, record):
        *name, period = record.key
        first = self.periods.get(tuple(name))
        if first is None:
            self.periods[tuple(name)] = period
        elif first != period:
            self.report.add("DOC_EXI", "DOCNUMBER", value=record.number, other=first)
        else:
            # WinBooks would ask about documents of earlier imports; two in one file become one
            self.report.add("DOC_NUM", "DOCNUMBER", fatal=True, value=record.number)

    def _check_kinds(self, records):
        third = THIRD_OF.get(records[0].journal_type)
        if not third:
            return
        allowed = (third, GENERAL, ZERO_VAT)
        for record in records:
            if record.type in THIRDS and record.type not in allowed:
                self.report.add("line_not_allowed", "DOCTYPE", line=record.line, value=record.type)
        of_third = [record for record in records if record.type == third]
        if not of_third:
            self.report.add("no_third", "DOCTYPE")
        elif len(of_third) > 1:
            self.report.add("two_thirds", "DOCTYPE", line=of_third[1].line, count=len(of_third))

    def _check_balance(self, records):
        total = sum((record.amount for record in records), Decimal(0))
        if total and total not in self._added_over_there(records):
            self.report.add("DOC_BAL", "AMOUNTEUR", value=total)
        if len([record for record in records if record.type != ZERO_VAT]) < 2:
            self.report.add("OPE_MIS", "AMOUNTEUR")

    def _added_over_there(self, records):
        """What may be missing where WinBooks adds the opposite of VAT that we owe: the sum of VAT
        lines of such codes. Which codes these are the folder does not tell."""
        sums = {Decimal(0)}
        if not self.options.second_leg and records[0].journal_type in (PURCHASE, PURCHASE_REFUND):
            for record in records:
                if record.is_vat and record.code:
                    sums |= {one + record.amount for one in sums}
        return sums

    def _check_equal_lines(self, records):
        seen = set()
        for record in records:
            values = tuple(record.values)
            if values in seen:
                self.report.add("equal_lines", line=record.line)
            seen.add(values)


class AccountLengths:
    """All accounts of a folder have one length: of its list, else of most entries."""

    def __init__(self, folder: Folder, report):
        self.report = report
        self.known = {len(account) for account in folder.accounts}
        self.counts: Counter[int] = Counter()
        # one per document and length
        self.first: dict[int, dict[tuple[str, str], tuple[int, str]]] = defaultdict(dict)

    def add(self, record: Act):
        length = len(record.account)
        self.counts[length] += 1
        self.first[length].setdefault(record.document, (record.line, record.account))

    def end(self):
        if len(self.known) == 1:
            right = next(iter(self.known))
        else:
            right = self.counts.most_common(1)[0][0] if self.counts else 0
        for length, documents in self.first.items():
            if length != right:
                for document, (line, account) in documents.items():
                    self.report.add(
                        "LEN_ACCO",
                        "ACCOUNTGL",
                        line=line,
                        document=document,
                        value=account,
                        account=account,
                        width=right,
                    )
