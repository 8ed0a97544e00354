"""What a person chose before for the same record of Odoo's chart with the same office. Pure
functions, no Odoo.

An office uses its codes alike for all its customers, so the choice comes before what names and
numbers say. Two things go before it: what the administration itself contradicts (the code is not
there, takes no lines or stands for something else), and a certain proposal that nobody has
overruled: this administration has an account that the one before may not have had.
"""

from dataclasses import dataclass

from .account_proposals import fit_of_account
from .counterparts import Counterparts
from .proposals import LEARNED, Proposal, Source, TaxProfile, fits_tax

SCORE, SCORE_TO_CHECK = 98, 90


@dataclass(frozen=True, slots=True)
class Learned:
    """``code`` was chosen; ``instead_of``: what was proposed then, "" for nothing."""

    code: str
    instead_of: str = ""


def account_by_experience(
    source: Source, items, learned: Learned, found: Proposal | None
) -> Proposal | None:
    """The account that was chosen before where it may be it here, else ``found``."""
    return _by_experience(items, learned, found, lambda one: fit_of_account(source, one))


def vat_code_by_experience(
    tax: TaxProfile, items, learned: Learned, found: Proposal | None
) -> Proposal | None:
    """The VAT code that was chosen before where it may be it here, else ``found``."""
    return _by_experience(items, learned, found, lambda one: int(fits_tax(tax, one)))


def _by_experience(items, learned, found, fit_of):
    if found and found.code == learned.code:
        return found
    if found and found.certain and found.code != learned.instead_of:
        return found
    for one in Counterparts.of(items).with_exact_code(learned.code):
        if fit := fit_of(one):
            return Proposal(
                code=one.code,
                reason=LEARNED,
                score=SCORE if fit == 1 else SCORE_TO_CHECK,
                certain=fit == 1,
                values={"code": one.code},
            )
    return found
