"""VAT of one document: bases, amounts and their signs."""

from decimal import Decimal

from ..folder import DEDUCTIBLE_IN_FULL, PURCHASE, PURCHASE_REFUND, SALE, SALE_REFUND, Folder
from ..options import NEGATIVE, WHOLE_VAT, Options
from .record import THIRDS, ZERO_VAT

CENT = Decimal("0.01")
# places of VATBASE and VATTAX
BASE, TAX = 17, 22
# DBKTYPE → the sign of VATBASE where the entry of the third is positive
SIGNS = {SALE: 1, PURCHASE: -1, SALE_REFUND: -1, PURCHASE_REFUND: 1}
REFUNDS = (SALE_REFUND, PURCHASE_REFUND)
BOUGHT = (PURCHASE, PURCHASE_REFUND)


def check_vat(records, folder: Folder, options: Options, report):
    """Compare the VAT of a document with what its codes give."""
    kind = records[0].journal_type
    if kind not in SIGNS:
        return
    negative = options.credit_note_base == NEGATIVE and kind in REFUNDS
    sign = SIGNS[kind] * (-1 if negative else 1)
    codes = _codes(folder)
    lines = sum(1 for record in records if record.type == "3" and not record.is_vat)
    slack = CENT * max(1, lines)
    with_code = [record for record in records if record.code]
    for record in with_code:
        report.line = record.line
        _check_code(record, codes, report)
        if record.is_vat:
            _check_sign(record, records, sign, slack, report)
        if record.is_vat or (record.type == ZERO_VAT and not record.amount):
            _check_amount(record, codes.get(record.code), slack, kind, options, report)
    if not with_code:
        for record in records:
            if record.is_vat:
                report.add("NOT_FILL", "VATCODE", line=record.line)
    _check_zero(records, with_code, sign, slack, report)
    _check_third(records, report)


def _codes(folder):
    """By what a line may say: the internal code, or the short one of a user."""
    found = {}
    for code in folder.vat_codes.values():
        found.update(dict.fromkeys((code.code, *code.users), code))
    return found


def _check_code(record, codes, report):
    if codes and record.code not in codes:
        report.add("vat_code_unknown", "VATCODE", value=record.code, vat_code=record.code)


def _check_sign(record, records, sign, slack, report):
    """VAT and its base go together: where one is turned, the other is. Not so where lines of the
    code go both ways, with different deductible shares or a cent of rounding."""
    if not record.values[BASE].strip():
        report.add("NOT_FILL", "VATBASE")
        return
    directions = {one.amount > 0 for one in records if one.base_code == record.code}
    # the VAT stands opposite the third
    if (
        len(directions) < 2
        and abs(record.amount) > slack
        and record.base * record.amount * sign > 0
    ):
        report.add("vat_base_sign", "VATBASE", value=record.base, vat_code=record.code)


def _check_amount(record, code, slack, kind, options, report):
    """A cent beside base × rate is taken as given; of bills a part may be deductible only.

    A line without VAT under a code that deducts in full is VAT that a person made cost: the return
    of WinBooks lacks it in the base of the purchase. Under a code that deducts none, VAT that is
    deducted is in no box there."""
    if not code or code.rate is None:
        return
    expected = abs(record.base) * code.rate / 100
    found = abs(record.amount)
    bought = kind in BOUGHT
    if bought and code.deductible == "none" and options.partly_deductible != WHOLE_VAT:
        expected = Decimal(0)
    in_part = bought and code.deductible != DEDUCTIBLE_IN_FULL
    if found > expected + slack or (found < expected - slack and not in_part):
        report.add(
            "vat_amount",
            "AMOUNTEUR",
            value=record.amount,
            expected=expected.quantize(CENT),
            base=record.base,
            vat_code=record.code,
        )


def _check_zero(records, with_code, sign, slack, report):
    """The base of a code without VAT has the sign of the lines that name the code, else that of
    the third where it is the only code."""
    third = next((record for record in records if record.type in THIRDS), None)
    for record in with_code:
        if record.type != ZERO_VAT:
            continue
        of_code = [one.amount for one in records if one.base_code == record.code]
        if of_code:
            opposite = -sum(of_code)
        elif third and len(with_code) == 1:
            opposite = third.amount
        else:
            continue
        if abs(opposite) > slack and record.base * opposite * sign < 0:
            report.add("vat_base_sign", "VATBASE", line=record.line, value=record.base,
                       vat_code=record.code)  # fmt: skip


def _check_third(records, report):
    for record in records:
        # WinBooks works out what is blank
        if record.type in THIRDS and record.base and record.values[TAX].strip():
            if abs(record.base + record.tax) != abs(record.amount):
                report.add("third_totals", "VATBASE", line=record.line, value=record.base,
                           tax=record.tax, expected=record.amount)  # fmt: skip
