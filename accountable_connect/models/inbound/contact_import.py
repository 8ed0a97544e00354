"""Contacts of the administration, made and linked in Odoo where the package keeps them."""

import logging

import psycopg2
from markupsafe import Markup
from odoo import fields, models
from odoo.exceptions import UserError

from ...api.errors import AuthorisationLostError, LimitReachedError, PackageError
from ...documents import Party
from ...documents.sentence import SentencesOf
from ..engine.reading_due import READ_EVERY, reading_due_before
from ..sentence import written_for

_lt = SentencesOf(__name__)

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
COMPARED = (*FIELDS, "street", "country", "language", "iban")
# Kept to tell whether the party was another company before, and never taken over.
SEEN = (*COMPARED, "registry_number")
# What of the links tells which contacts and parties have one.
LINKED = ["external_key", "res_id"]


class AccountableContactImport(models.AbstractModel):
    """Repeats in Odoo what changed among the parties of an administration. Methods take the
    connection first, in whose environment they work.

    A link with a party keeps in its details what the package held when it was last read: only what
    changed there since then is taken over, so nobody's work in Odoo is undone by it.

    An addon that makes contacts in another way overrides ``_make_contact``, one that takes over
    more or less of them ``_partner_values``.
    """

    _name = "accountable.contact.import"
    _description = "Contacts that come from the package"

    def _read_due(self, connection, run):
        """Repeat in Odoo what changed among the parties, in one call. An error keeps no document
        from being sent; after a limit only this reading rests. Commits."""
        if connection.contact_direction != "from_package" or not run.capabilities.reads_parties:
            return
        if not self._is_due(connection):
            return
        now = fields.Datetime.now()
        try:
            changes = run.package.parties_changed_since(connection.party_cursor or "")
            self._repeat_changes(connection, changes)
            connection.party_cursor = changes.cursor
        except AuthorisationLostError:
            raise
        except PackageError as error:
            self.env.cr.rollback()
            _logger.info("Connection %s: contacts not read: %s", connection.id, error)
            if isinstance(error, LimitReachedError) and error.not_before:
                now = max(now, error.not_before - READ_EVERY)
        connection.parties_read_at = now
        connection._commit()

    def _is_due(self, connection):
        read_at, now = connection.parties_read_at, fields.Datetime.now()
        if not read_at:
            return True
        if connection.requested_by_id:
            # in the future: a limit is reached, and pressing a button makes no more room
            return read_at <= now
        due = read_at <= reading_due_before(connection)
        return connection.synchronisation == "automatic" and due

    def _repeat_changes(self, connection, changes):
        """Repeat a reading of the parties in Odoo; reading it twice changes nothing.

        The first reading (no cursor) tells what there is, not what changed: contacts that are
        linked are left as they are. A party that cannot be taken over stops no other: one message
        on the connection names them all.
        """
        first = not connection.party_cursor
        refused = []
        removed = set(changes.removed) - {stored.key for stored in changes.parties}
        self._forget_removed(connection, removed)
        if not first:
            decided = self._decided(connection)
            refused += self._try_each(connection, self._follow_decision, decided)
        of_changed = ("external_key", "in", [stored.key for stored in changes.parties])
        bindings = {
            binding.external_key: binding for binding in self._bindings(connection, of_changed)
        }
        known = [
            (binding, stored.party, first)
            for stored in changes.parties
            if (binding := bindings.get(stored.key))
        ]
        refused += self._try_each(connection, self._update_contact, known)
        new = self._without_matched(connection, changes.parties)
        refused += self._try_each(connection, self._make_linked_contact, new)
        self._post_refused(connection, refused)

    def _bindings(self, connection, *conditions, fetch=()):
        """Links of parties, see ``accountable.binding``."""
        bindings = self.env["accountable.binding"]
        return bindings._find_all(connection, "party", *conditions, fetch=fetch)

    def _bind(self, connection, partner, key, party=None):
        """Link a contact.

        :param party: as the package holds it, where that was taken over
        """
        values = {"external_key": key, "adopted": True}
        if party:
            values["details"] = {"party": party_values(party)}
        self.env["accountable.binding"]._bind(
            connection.id, "party", "res.partner", partner.id, values
        )

    # Those that cannot be taken over

    def _try_each(self, connection, function, entries):
        """``function(connection, *entry)`` for each; one of the arguments is its ``Party``.

        :return: ``(party, reason)`` of those that could not be taken over
        """
        refused = []
        for entry in entries:
            try:
                with self.env.cr.savepoint():
                    function(connection, *entry)
            except psycopg2.OperationalError:
                raise
            except UserError as error:
                refused.append((_party_of(entry), str(error)))
            except Exception as error:
                _logger.exception("Connection %s: a party cannot be taken over", connection.id)
                refused.append((_party_of(entry), str(error)))
        return refused

    def _post_refused(self, connection, refused):
        if not refused:
            return
        lines = [
            _lt(
                "%(party)s could not be taken over from the package: %(reason)s",
                party=party.name,
                reason=reason,
            )
            for party, reason in refused
        ]
        lines.append(_lt("Each is read again when it is changed in the package."))
        company = connection.company_id.partner_id
        connection.message_post(
            body=Markup("<br/>").join(written_for(company, line) for line in lines)
        )

    # Removed there

    def _forget_removed(self, connection, keys):
        """The link goes, the contact stays."""
        if not keys:
            return
        bindings = self._bindings(connection, ("external_key", "in", list(keys)))
        for partner in self.env["res.partner"].browse(bindings.mapped("res_id")).exists():
            text = _lt(
                "This contact was removed in %(connection)s and is not linked any more.",
                connection=connection.display_name,
            )
            partner.message_post(body=written_for(connection.company_id.partner_id, text))
        bindings.unlink()
        connection.contact_match_ids.filtered(lambda match: match.external_key in keys).unlink()

    # Decided by a person since the last reading

    def _decided(self, connection):
        """``(key, partner, party)`` of what was decided and has no link yet; no partner: it is
        none of the contacts that were proposed for it."""
        bindings = self._bindings(connection, fetch=LINKED)
        keys, partner_ids = set(bindings.mapped("external_key")), set(bindings.mapped("res_id"))
        open_matches = self.env["accountable.contact.match"].search_fetch(
            [("connection_id", "=", connection.id), ("external_key", "not in", list(keys))],
            ["external_key", "partner_id", "party", "state"],
        )
        decided = []
        for key, matches in open_matches.grouped("external_key").items():
            party = next((Party(**match.party) for match in matches if match.party), None)
            accepted = matches.filtered(lambda match: match.state == "accepted")
            partner = accepted[:1].partner_id
            if not party or partner.id in partner_ids:
                continue
            if partner or set(matches.mapped("state")) == {"refused"}:
                decided.append((key, partner, party))
        return decided

    def _follow_decision(self, connection, key, partner, party):
        self._bind(connection, partner or self._make_contact(party), key, party)

    # New there

    def _without_matched(self, connection, stored):
        """Link a contact with each new party that is one of ours; what is doubtful waits among the
        contacts to decide.

        :return: ``(key, party)`` of those that are none of ours
        """
        bound = self._bindings(connection, fetch=LINKED)
        keys, taken = set(bound.mapped("external_key")), set(bound.mapped("res_id"))
        fresh = {one.key: one for one in stored if one.active and one.key not in keys}
        if not fresh:
            return []
        rows = self.env["accountable.contact.match"]
        of_fresh = [("connection_id", "=", connection.id), ("external_key", "in", list(fresh))]
        decided = {
            (match.external_key, match.partner_id.id): match.state
            for match in rows.search_fetch(of_fresh, ["external_key", "partner_id", "state"])
        }
        partners = self.env["res.partner"].search(connection._contacts_domain())
        partners = partners.filtered(lambda partner: partner.id not in taken)
        for partner, match in rows._find_matches(connection, partners, list(fresh.values())):
            key = match.stored.key
            state = decided.get((key, partner.id), "matched" if match.sure else "doubtful")
            if state == "refused":
                continue
            if (key, partner.id) not in decided:
                rows.create(rows._matched_values(connection, partner, match))
            fresh.pop(key, None)
            if state != "doubtful":
                self._bind(connection, partner, key, match.stored.party)
        return [(key, one.party) for key, one in fresh.items()]

    def _make_linked_contact(self, connection, key, party):
        self._bind(connection, self._make_contact(party), key, party)

    def _make_contact(self, party):
        """The new contact for a party. Raises UserError when Odoo does not know its country."""
        self._country(party.country)
        partner = self._create_partner(party)
        values = self._partner_values(partner, party, {"language"} if party.language else ())
        if values:
            partner.write(values)
        if party.iban:
            self._add_bank_account(partner, party.iban)
        return partner

    def _create_partner(self, party):
        """The contact for a party; VAT numbers from outside are taken as they are."""
        country = self.env["res.country"].search([("code", "=", party.country)], limit=1)
        return (
            self.env["res.partner"]
            .with_context(no_vat_validation=True)
            .create(
                {
                    "name": party.name,
                    "is_company": party.is_company,
                    "customer_rank": int(party.customer),
                    "supplier_rank": int(party.supplier),
                    "vat": party.vat_number or False,
                    "company_registry": party.registry_number or False,
                    "street": party.street,
                    "zip": party.postal_code,
                    "city": party.city,
                    "country_id": country.id if party.country else False,
                    "email": party.email,
                    "phone": party.phone,
                    "website": party.website,
                }
            )
        )


def party_values(party):
    """What is remembered of a party, as JSON values."""
    return {name: getattr(party, name) for name in SEEN}


def _party_of(entry):
    return next(value for value in entry if isinstance(value, Party))
