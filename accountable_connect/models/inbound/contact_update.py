"""Contacts the package changed: what changed there is written on the contact."""

from dataclasses import replace

from odoo import models
from odoo.exceptions import UserError

from ...api.contact_details import phone_number
from ...api.identity import VAT_NUMBER, is_other_company, shares
from .contact_import import COMPARED, FIELDS, party_values

# A text that is shorter was not cut by any package.
SHORTEST_CUT = 20


class AccountableContactImport(models.AbstractModel):
    _inherit = "accountable.contact.import"

    def _update_contact(self, connection, binding, party, first):
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
            ours = self.env["accountable.party"]._build(connection, partner)
            if self._refuses_other_company(connection, binding, party, ours, seen):
                return
            self._update_partner(connection, binding, partner, party, ours, seen)
        binding.details = {**details, "party": theirs}

    def _update_partner(self, connection, binding, partner, party, ours, seen):
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
            party = self.env["accountable.party"]._build(connection, partner)
            binding.fingerprint = party.fingerprint()

    def _refuses_other_company(self, connection, binding, party, ours, seen):
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
            connection=connection.display_name,
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


def _is_same(name, ours, theirs, cut):
    """Whether two texts say the same; with ``cut`` also when theirs is the beginning of ours, or
    the number in it, as a package that has less room gives back what it was sent."""
    ours, theirs = " ".join(ours.split()), " ".join(theirs.split())
    if ours == theirs or not cut:
        return ours == theirs
    if name == "phone":
        return phone_number(ours, len(theirs)) == theirs
    return len(theirs) >= SHORTEST_CUT and ours.startswith(theirs)
