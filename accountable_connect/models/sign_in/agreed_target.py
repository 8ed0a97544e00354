"""Where a sign-in leads, who may change that, and connections that ask before they follow.

A sign-in may serve several companies. Its *target* is what decides where data goes and as whom:
package, address, user, app. Whoever changes it must manage every company that uses the sign-in.
The company one works in follows the change; the connections of every other one stop until one of
its own managers presses Reconnect. Each connection keeps the target it agreed with, so that it
stops whatever way the sign-in was changed. A new password of the same user changes no target.
"""

import hashlib

from odoo import SUPERUSER_ID, Command, api, fields, models
from odoo.exceptions import AccessError, UserError

from ...documents.sentence import SentencesOf
from ..connection.connection import IN_USE
from ..sentence import in_language

_lt = SentencesOf(__name__)


class AccountableSignIn(models.Model):
    _inherit = "accountable.sign.in"

    def _target(self):
        """What decides where data goes and as whom, ``{package, address, user, app: text}``; a
        secret stands as its digest, "" is not known yet. Package addons add theirs."""
        self.ensure_one()
        return {"package": self.package or ""}

    def _target_fields(self):
        """Names of the fields that change the target when a person writes them. Package addons add
        theirs."""
        return {"package"}

    def _target_secrets(self):
        """Those of ``_secret_fields`` that are part of the target, not a proof of the same user."""
        return set()

    def _digest_of_secret(self, name):
        """A secret as the target has it; "" also when it cannot be read any more."""
        try:
            return digest(self._secret(name))
        except UserError:
            return ""

    # Who may change it

    def _companies_of_use(self):
        """The companies this sign-in is for, and those of its connections, archived ones too."""
        self.ensure_one()
        # also those of companies the user does not see: they decide who may change it
        sign_in = self.sudo().with_context(active_test=False)
        return sign_in.company_ids | sign_in.connection_ids.company_id

    def _check_manages(self, companies):
        """Raises AccessError unless the user manages all of these companies; superuser code does.
        Says no name: other companies are nobody's business."""
        if self.env.su or not companies - self.env.user.company_ids:
            return
        raise AccessError(
            self.env._(
                "Other companies, which you do not manage, use the sign-in %(sign_in)s. Only a"
                " manager of all of them may change its package, address, user, app or companies,"
                " or delete it. You may enter a new password of the same user, or make a sign-in of"
                " your own.",
                sign_in=self.name or "–",
            )
        )

    def _check_may_change(self, vals):
        """Raises AccessError when these values change where the sign-in leads, or who uses it, and
        the user does not manage every company that uses it now or afterwards."""
        companies = self.env["res.company"]
        used = self._companies_of_use() if self else companies
        if self and self._changed_by(vals, self._target_fields()):
            companies = used
        if "company_ids" in vals:
            # with the companies the user does not see, which a command may leave or take away
            field, stored = self._fields["company_ids"], self.sudo()
            ids = field.convert_to_cache(vals["company_ids"], stored or stored.new(), False)
            after = companies.browse(ids)._origin
            if after != stored.company_ids:
                companies = used | after
        self._check_manages(companies)
        self._check_package_stays(vals)

    def _check_package_stays(self, vals):
        """Raises UserError when a person gives a sign-in with connections another package: what
        they sent is linked by keys of that one."""
        sign_in = self.sudo().with_context(active_test=False)  # connections of every company
        if self.env.su or not self._changed_by(vals, {"package"} if self else ()):
            return
        if sign_in.connection_ids:
            raise UserError(
                self.env._(
                    "%(sign_in)s has connections and keeps its package. Make another sign-in.",
                    sign_in=self.name,
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self.browse()._check_may_change(vals)
        return super().create(vals_list)

    def write(self, vals):
        for sign_in in self:
            sign_in._check_may_change(vals)
        before = {sign_in: sign_in._target() for sign_in in self}
        result = super().write(vals)
        for sign_in, target in before.items():
            sign_in._ask_connections(target)
        return result

    def copy_data(self, default=None):
        """The copy of a person is for the companies that person manages."""
        values_list = super().copy_data(default)
        if not self.env.su and "company_ids" not in (default or {}):
            for sign_in, values in zip(self, values_list, strict=True):
                # with the companies of others, which Odoo would copy
                own = sign_in.sudo().company_ids & self.env.user.company_ids
                values["company_ids"] = [Command.set(own.ids)]
        return values_list

    def unlink(self):
        for sign_in in self:
            sign_in._check_manages(sign_in._companies_of_use())
        return super().unlink()

    def set_secrets(self, values):
        for name in self._target_secrets() & values.keys():
            if self._digest_of_secret(name) not in ("", digest(values[name])):
                self._check_manages(self._companies_of_use())
        return super().set_secrets(values)

    def _ask_connections(self, before):
        """The sign-in leads elsewhere than ``before``: the company the user works in follows,
        connections of all others stop and ask."""
        if not leads_elsewhere(before, self._target()):
            return
        if leads_to_others(before, self._target()):
            # the same number may be another company there; people write no administrations
            listed = self.env["accountable.administration"].sudo()
            listed.search([("sign_in_id", "=", self.id)]).active = False
            # and the same code another account; nobody has access to what was learned
            self.env["accountable.learned.counterpart"].sudo()._forget(self)
        # those of every company, of which the user may see only the own
        connections = self.sudo().with_context(active_test=False).connection_ids
        own = self.env["res.company"]
        if self.env.uid != SUPERUSER_ID:
            own = self.with_env(self.env(su=False)).env.company._accountable_company()
        for connection in connections:
            if not connection.agreed_target:
                connection.agreed_target = before
            if connection.company_id == own:
                connection._agree_with(self._target())
            connection._stop_for_changed_sign_in()


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    agreed_target = fields.Json(
        copy=False,
        readonly=True,
        groups="base.group_system",
        help="Where the sign-in led when a manager of this company last agreed.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        connections = super().create(vals_list)
        connections._keep_target()
        return connections

    def write(self, vals):
        result = super().write(vals)
        if "sign_in_id" in vals:
            self._keep_target()
        return result

    def _keep_target(self):
        """Whoever chooses a sign-in agrees with where it leads."""
        for connection in self.sudo():  # only the system group writes the target
            connection._agree_with(connection.sign_in_id._target())

    def _agree_with(self, target):
        """In the set-up an administration is chosen again where the sign-in leads to another site:
        what is known of its company is what the one before said."""
        before = self.agreed_target
        self.agreed_target = target
        if self._has_begun() or not self.administration_key or not before:
            return
        if leads_to_others(before, target):
            self._take_administration(self.env["accountable.administration"])

    def _agree_with_sign_in(self):
        """A manager of the company presses a button that says so: the sign-in may lead where it
        leads now."""
        self.check_access("write")
        for connection in self:
            if self.env.su or connection.company_id in self.env.user.company_ids:
                # only the system group reads the target
                if not connection._has_agreed() or not connection.sudo().agreed_target:
                    connection._keep_target()

    def _has_agreed(self):
        """Whether the sign-in leads where it led when this company agreed. What was not known then
        (nobody had signed in yet) is learnt."""
        self.ensure_one()
        connection = self.sudo()  # only the system group reads and writes the target
        agreed, target = connection.agreed_target, connection.sign_in_id._target()
        if not agreed or agreed == target:
            return True
        if leads_elsewhere(agreed, target):
            return False
        connection.agreed_target = {
            name: value or agreed.get(name, "") for name, value in target.items()
        }
        return True

    def _stop_for_changed_sign_in(self):
        """Stops and asks its managers, once, unless it agreed. Gives whether it may go on."""
        self.ensure_one()
        if self._has_agreed():
            return True
        connection = self.sudo()  # fields of the engine
        if connection.state in IN_USE:
            sentence = connection._changed_sign_in_sentence()
            connection.write({"state": "reconnect", "wait_reason": sentence})
            connection._ask_managers(_lt("Check where the sign-in leads"), sentence)
        return False

    def _changed_sign_in_sentence(self):
        # where it leads is told to who may read the connection, also when it is another company's
        sign_in = self.sudo().sign_in_id
        target = sign_in._target()
        sentence = _lt(
            "The sign-in %(sign_in)s was changed: it now leads to %(address)s as %(user)s. Nothing"
            " goes there until a manager of %(company)s agrees, by pressing Reconnect or Test the"
            " sign-in.",
            sign_in=sign_in.name,
            address=target.get("address") or "–",
            user=target.get("user") or "–",
            company=self.company_id.name,
        )
        return in_language(self.env, sentence)


def digest(secret):
    return hashlib.sha256(secret.encode()).hexdigest()[:16] if secret else ""


def leads_elsewhere(before, after):
    """Whether two targets differ in what is known of both."""
    return any(before.get(name) not in (None, "", value) for name, value in after.items() if value)


def leads_to_others(before, after):
    """Whether the administrations of two targets are not the same, whatever their keys."""
    places = {name: after.get(name) for name in ("package", "address")}
    return leads_elsewhere(before, places)
