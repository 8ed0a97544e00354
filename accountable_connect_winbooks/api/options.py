"""How entries are written for one office, where WinBooks' documentation leaves it open."""

from dataclasses import dataclass

# What a VAT line carries whose VAT is deductible in part.
DEDUCTIBLE_PART, WHOLE_VAT = "deductible_part", "whole_vat"
# The sign of VATBASE in the journals of credit notes.
POSITIVE, NEGATIVE = "positive", "negative"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Choices of a connection; the defaults are what most known exporters do.

    * ``customer_account`` … ``deductible_vat_account``: written on third-party and VAT lines; "":
      left blank, and WinBooks takes them from the third and from the VAT code.
    * ``operation_code`` stands on VAT lines: ``FIXED`` keeps the VAT as it is given.
    * ``second_leg``: where we owe the VAT, the opposite line is written too. Off for an office
      whose WinBooks adds it.
    * ``partly_deductible``: the VAT line carries the deductible part and the costs the rest, or the
      VAT line carries all of it.
    * ``credit_note_base``: the sign of VATBASE in credit notes.
    * ``book_year_and_period``: BOOKYEAR and PERIOD are written where their ranks are known.
    """

    customer_account: str = "400000"
    supplier_account: str = "440000"
    owed_vat_account: str = "451000"
    deductible_vat_account: str = "411000"
    operation_code: str = "FIXED"
    second_leg: bool = True
    partly_deductible: str = DEDUCTIBLE_PART
    credit_note_base: str = POSITIVE
    book_year_and_period: bool = True
