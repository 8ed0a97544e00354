"""Contacts the package changed or removed, brought to Odoo where the package keeps them."""

import logging
from dataclasses import replace

import psycopg2
from markupsafe import Markup
from odoo import models
from odoo.exceptions import UserError

from ...api.contact_details import phone_number
from ...api.identity import VAT_NUMBER, is_other_company, shares
from ...documents import Party

_logger = logging.getLogger(__name__)

# What comes back of a party; the field of the partner where one value is one field.
FIELDS = {
    "name": "name",
    "postal_code": "zip",
    "city": "city",
    "vat_number": "vat",
    "email": "email",
    "phone": "phone",
}
# A text that is shorter was not cut by any package.
SHORTEST_CUT = 20
COMPARED = (*FIELDS, "street", "country", "language", "iban")
# Kept to tell whether the party was another company before, and never taken over.
SEEN = (*COMPARED, "registry_number")


class AccountableConnection(models.Model):
    """A link with a party keeps in its details what the package held when it was last read: only
    what changed there since then is taken over, so nobody's work in Odoo is undone by it."""

    _inherit = "accountable.connection"

    def _take_back_parties(self, changes):
        """Repeat a reading of the parties in Odoo; reading it twice changes nothing.

        The first reading (no cursor) tells what there is, not what changed: contacts that are
        linked are left as they are. A party that cannot be taken over stops no other: one note on
        the connection names them all.
        """
        first = not self.party_cursor
        refused = []
        removed = set(changes.removed) - {stored.key for stored in changes.parties}
        self._forget_removed_parties(removed)
        if not first:
            refused += self._each_safely(self._follow_decision, self._decided_parties())
        bindings = {binding.external_key: binding for binding in self._party_bindings()}
        known = [
            (binding, stored.party, first)
            for stored in changes.parties
            if (binding := bindings.get(stored.key))
        ]
        refused += self._each_safely(self._renew_contact, known)
        refused += self._take_over_parties(changes.parties)
        self._note_refused_parties(refused)

    def _party_bindings(self):
        return self.env["accountable.binding"].search(
            [("connection_id", "=", self.id), ("kind", "=", "party")]
        )

    def _each_safely(self, function, entries):
        """``function(*entry)`` for each; one of the arguments is its ``Party``.

        :return: ``(party, reason)`` of those that could not be taken over
        """
        refused = []
        for entry in entries:
            try:
                with self.env.cr.savepoint():
                    function(*entry)
            except psycopg2.OperationalError:
                raise
            except UserError as error:
                refused.append((_party_of(entry), str(error)))
            except Exception as error:
                _logger.exception("Connection %s: a party cannot be taken over", self.id)
                refused.append((_party_of(entry), str(error)))
        return refused

    def _note_refused_parties(self, refused):
        if not refused:
            return
        lines = [
            self.env._(
                "%(party)s could not be taken over from the package: %(reason)s",
                party=party.name,
                reason=reason,
            )
            for party, reason in refused
        ]
        lines.append(self.env._("Each is read again when it is changed in the package."))
        self.message_post(body=Markup("<br/>").join(lines))

    # Removed there

    def _forget_removed_parties(self, keys):
        """The link goes, the contact stays."""
        if not keys:
            return
        bindings = self._party_bindings().filtered(lambda binding: binding.external_key in keys)
        for partner in self.env["res.partner"].browse(bindings.mapped("res_id")).exists():
            partner.message_post(
                body=self.env._(
                    "This contact was removed in %(connection)s and is not linked any more.",
                    connection=self.display_name,
                )
            )
        bindings.unlink()
        self.contact_match_ids.filtered(lambda match: match.external_key in keys).unlink()

    # Decided by a person since the last reading

    def _decided_parties(self):
        """``(key, partner, party)`` of what was decided and has no link yet; no partner: it is
        none of the contacts that were proposed for it."""
        bindings = self._party_bindings()
        keys, partner_ids = set(bindings.mapped("external_key")), set(bindings.mapped("res_id"))
        decided = []
        for key, matches in self.contact_match_ids.grouped("external_key").items():
            party = next((Party(**match.party) for match in matches if match.party), None)
            accepted = matches.filtered(lambda match: match.state == "accepted")
            partner = accepted[:1].partner_id
            if not party or key in keys or partner.id in partner_ids:
                continue
            if partner or set(matches.mapped("state")) == {"refused"}:
                decided.append((key, partner, party))
        return decided

    def _follow_decision(self, key, partner, party):
        self._bind_party(partner or self._make_contact(party), key, party)

    # Made there

    def _make_linked_contact(self, key, party):
        self._bind_party(self._make_contact(party), key, party)

    def _make_contact(self, party):
        self._country(party.country)
        partner = self._create_partner(party)
        values = self._partner_values(partner, party, {"language"} if party.language else ())
        if values:
            partner.write(values)
        if party.iban:
            self._add_bank_account(partner, party.iban)
        return partner

    # Changed there

    def _renew_contact(self, binding, party, first):
        """Take over what changed in the package since it was last read. Where that is not known,
        whatever differs, but for a text the package had to cut."""
        theirs = party_values(party)
        details = binding.details or {}
        seen = details.get("party")
        if seen == theirs:
            return
        partner = self.env["res.partner"].browse(binding.res_id).exists()
        # our own companies' data are nobody else's to change
        if partner and not partner.ref_company_ids and (seen or not first):
            ours = self.env["accountable.party"]._build(self, partner)
            if self._refuses_other_company(binding, party, ours, seen):
                return
            self._update_partner(binding, partner, party, ours, seen)
        binding.details = {**details, "party": theirs}

    def _update_partner(self, binding, partner, party, ours, seen):
        own_values = {**party_values(ours), "iban": ours.iban or ours.untrusted_iban}
        changed = {
            name
            for name, value in party_values(party).items()
            if value
            and name in COMPARED
            and not _is_same(name, own_values[name], value, cut=seen is None)
            and not (name == "vat_number" and shares(ours, party, VAT_NUMBER))
            and (seen is None or value != seen.get(name))
        }
        if not changed:
            return
        partner = partner.with_context(no_vat_validation=True)
        partner.write(self._partner_values(partner, party, changed))
        if "iban" in changed:
            self._add_bank_account(partner, party.iban)
        if not binding.fingerprint or ours.was_sent_as(binding.fingerprint):
            # what came from there is not sent back
            party = self.env["accountable.party"]._build(self, partner)
            binding.fingerprint = party.fingerprint()

    def _refuses_other_company(self, binding, party, ours, seen):
        """Whether the party is another company than the contact, and was before it changed: nothing
        of it is taken over, and the contact says so until the numbers agree."""
        before = replace(party, **{"registry_number": "", **seen}) if seen else party
        if not seen and ours.was_sent_as(binding.fingerprint):
            before = ours
        # one that carries our number may be renamed too
        is_marked = party.external_number == ours.external_number
        held = replace(ours, name=party.name) if is_marked else ours
        if not is_other_company(held, party, before):
            binding._remove_notes("other_company")
            return False
        binding._add_note(
            "other_company",
            connection=self.display_name,
            party=party.name,
            number=party.vat_number or party.registry_number,
        )
        return True

    def _partner_values(self, partner, party, changed):
        """Values of those fields of a party that changed; never an empty one."""
        values = {FIELDS[name]: getattr(party, name) for name in changed if name in FIELDS}
        if "street" in changed:
            values.update(self._street_values(partner, party.street))
        if "country" in changed:
            values["country_id"] = self._country(party.country).id
        if "language" in changed:
            language = self._installed_language(party.language)
            if language:
                values["lang"] = language
        if partner.with_context(active_test=False).user_ids:
            # it is where the password of that user is sent to
            values.pop("email", None)
        return values

    def _street_values(self, partner, street):
        """A party has one line for both lines of a contact."""
        end = f", {partner.street2}"
        if partner.street2 and street.endswith(end):
            return {"street": street.removesuffix(end)}
        return {"street": street, "street2": False}

    def _country(self, code):
        """The country of a code, none for "". Raises UserError when Odoo does not know it."""
        country = self.env["res.country"].search([("code", "=", code)], limit=1) if code else None
        if code and not country:
            raise UserError(self.env._("Odoo knows no country with the code %(code)s.", code=code))
        return country

    def _installed_language(self, language):
        """The code of the first installed language of that name (``nl`` → ``nl_BE``), or none."""
        codes = [code for code, _name in self.env["res.lang"].get_installed()]
        return next((code for code in codes if code.partition("_")[0] == language), None)

    def _add_bank_account(self, partner, iban):
        """It comes first; the others stay, and nothing is paid to it before a person trusts it."""
        accounts = partner.with_context(active_test=False).bank_ids
        if iban in accounts.mapped("sanitized_acc_number"):
            return
        first = min(accounts.mapped("sequence"), default=10)
        self.env["res.partner.bank"].create(
            {"partner_id": partner.id, "acc_number": iban, "sequence": first - 1}
        )


def party_values(party):
    """What is remembered of a party, as JSON values."""
    return {name: getattr(party, name) for name in SEEN}


def _is_same(name, ours, theirs, cut):
    """Whether two texts say the same; with ``cut`` also when theirs is the beginning of ours, or
    the number in it, as a package that has less room gives back what it was sent."""
    ours, theirs = " ".join(ours.split()), " ".join(theirs.split())
    if ours == theirs or not cut:
        return ours == theirs
    if name == "phone":
        return phone_number(ours, len(theirs)) == theirs
    return len(theirs) >= SHORTEST_CUT and ours.startswith(theirs)


def _party_of(entry):
    return next(value for value in entry if isinstance(value, Party))
