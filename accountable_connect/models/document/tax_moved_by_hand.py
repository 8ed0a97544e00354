"""Tax put on another account by hand: the document follows, or says why it cannot."""

from dataclasses import dataclass, replace
from decimal import Decimal

from odoo import models

from ...documents.amounts import ZERO, to_decimal
from ...documents.sentence import SentencesOf, joined
from ..master_data.tax_profile import base_tags, is_cost_account
from ..problem import problem_of
from ..sentence import account_name, name_of

_lt = SentencesOf(__name__)


@dataclass(slots=True)
class Moved:
    """What the items of one repartition line hold on an account on which it posts nothing.

    ``legs``: those to which it belongs; ``in_part``: some of it stayed where it was posted.
    """

    account: models.BaseModel
    items: models.BaseModel
    legs: list
    in_part: bool


class AccountableDocumentPart(models.AbstractModel):
    _inherit = "accountable.document.part"

    def _follow_moved_tax(self, move, kind, legs_by_item, facts, problems):
        """Put the legs on the accounts on which their tax stands now.

        What becomes lines without VAT (a fixed tax, one-stop-shop VAT) follows wherever it went.
        VAT that goes with a code follows where books and return of the package can say the same as
        Odoo's: from one of the State's accounts to another, from the cost of its base to a cost
        account, out of the return together with its tax grids. All else is a problem.
        """
        vat_accounts = facts.vat_accounts(move.company_id)
        for line, found in self._moved_tax(move, legs_by_item).items():
            follow = self._leg_anywhere
            if line.tax_id.amount_type != "fixed" and not (
                kind.startswith("sale") and facts.is_one_stop_shop(line.tax_id)
            ):
                follow = self._leg_with_vat
            copies = {id(leg): [] for moved in found for leg in moved.legs}
            for moved in found:
                legs = [follow(kind, leg, moved, vat_accounts) for leg in moved.legs]
                if not all(legs):
                    problems.append(self._problem_moved(move, line, moved))
                    # where it is, so that nothing else is said of it
                    legs = [replace(leg, posted_on=moved.account) for leg in moved.legs]
                for leg, copy in zip(moved.legs, legs, strict=True):
                    copies[id(leg)].append(copy)
            self._put_copies(legs_by_item, copies, keep=found[0].in_part)

    def _moved_tax(self, move, legs_by_item):
        """``{repartition line: [Moved]}`` of those with tax on accounts of its own."""
        homes, posted = {}, {}
        for leg in (leg for legs in legs_by_item.values() for leg in legs):
            homes.setdefault(leg.repartition_line, {}).setdefault(leg.posted_on, []).append(leg)
        for item in move.line_ids.filtered("tax_repartition_line_id"):
            if item.amount_currency or item.balance:
                accounts = posted.setdefault(item.tax_repartition_line_id, {})
                accounts[item.account_id] = accounts.get(item.account_id, item.browse()) | item
        found = {}
        for line, accounts in posted.items():
            home = homes.get(line, {})
            if not home:
                continue
            strange = [account for account in accounts if account not in home]
            if not strange:
                found |= self._moved_between_bases(move, line, home, accounts)
                continue
            everything = [leg for legs in home.values() for leg in legs]
            gone = [leg for leg in everything if leg.posted_on not in accounts]
            found[line] = [
                Moved(account, accounts[account], gone or everything, not gone)
                for account in strange
            ]
        return found

    def _moved_between_bases(self, move, line, home, accounts):
        """The same for cost that was put on the account of another base of the document, where that
        one's own cost stands: all accounts together hold what they should, but not each of them."""
        sign, decimals = move.direction_sign, move.currency_id.decimal_places
        none = move.line_ids.browse()
        more = {
            account: sum(
                to_decimal(sign * item.amount_currency, decimals)
                for item in accounts.get(account, none)
            )
            - sum((leg.amount for leg in legs), ZERO)
            for account, legs in home.items()
        }
        rounding = Decimal(sum(map(len, home.values()))).scaleb(-decimals)
        changed = [account for account, amount in more.items() if abs(amount) > rounding]
        takers = [account for account in changed if account in accounts]
        if not takers or len(changed) < 2 or abs(sum(more.values())) > rounding:
            return {}
        taker = max(takers, key=lambda account: abs(more[account]))
        items = accounts[taker]
        in_part = len(takers) > 1 or any(item.tax_tag_ids != items.tax_tag_ids for item in items)
        legs = [leg for account in changed if account != taker for leg in home[account]]
        return {line: [Moved(taker, items, legs, in_part)]}

    def _put_copies(self, legs_by_item, copies, keep):
        """Replace legs by their copies; ``keep`` them too where some of their tax stayed."""
        for legs in legs_by_item.values():
            legs[:] = [
                one
                for leg in legs
                for one in (
                    [leg, *copies[id(leg)]]
                    if keep and id(leg) in copies
                    else copies.get(id(leg), [leg])
                )
            ]

    def _leg_anywhere(self, _kind, leg, moved, _vat_accounts):
        return replace(leg, account=moved.account, posted_on=moved.account)

    def _leg_with_vat(self, kind, leg, moved, vat_accounts):
        """The leg on its new account; None where the package cannot follow."""
        account, tags = moved.account, moved.items.tax_tag_ids
        of_the_state = leg.is_recoverable or leg.is_owed
        if vat_accounts.holds(account):
            # the package posts on the account of its code, which is the State's as well, and puts
            # it in the return
            follows = of_the_state and not self._lost_grids(leg, tags)
            return replace(leg, posted_on=account) if follows else None
        if moved.in_part or leg.tax.tax_exigibility == "on_payment":
            return None
        if of_the_state and leg.tax.has_negative_factor:
            return None
        if tags - base_tags(leg.tax):
            # the return still claims or owes it
            return None
        with_base = is_cost_account(account) and not kind.startswith("sale")
        if tags and not with_base:
            return None
        if not tags:
            with_base = with_base and leg.with_base and not leg.repartition_line.tag_ids
        return replace(
            leg, account=account, posted_on=account, is_recoverable=False, with_base=with_base
        )

    def _lost_grids(self, leg, tags):
        """Whether Odoo's return has nothing of this VAT any more; what is due on payment is not in
        it yet."""
        grids = leg.repartition_line.tag_ids
        return bool(grids) and not tags & grids and leg.tax.tax_exigibility != "on_payment"

    def _problem_moved(self, move, line, moved):
        """The tax's name, how much, where it is and where it belongs."""
        decimals = move.company_id.currency_id.decimal_places
        homes = move.env["account.account"].union(*(leg.posted_on for leg in moved.legs))
        message = _lt(
            "%(document)s: %(amount)s of tax %(tax)s was put on account %(account)s by hand; the"
            " tax posts it on %(expected)s, and so will the administration. Put it back there, or"
            " choose a tax that posts on that account.",
            document=move.display_name,
            amount=to_decimal(abs(sum(moved.items.mapped("balance"))), decimals),
            tax=name_of(line.tax_id),
            account=account_name(moved.account, move.company_id),
            expected=joined(*(account_name(home, move.company_id) for home in homes), between=", "),
        )
        return problem_of(move, "data_refused", "tax_moved", message)
