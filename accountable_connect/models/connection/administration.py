from odoo import api, fields, models

from ...documents import Party


class AccountableAdministration(models.Model):
    """One set of books a sign-in reaches, as last listed by the package."""

    _name = "accountable.administration"
    _description = "Administration of a sign-in"
    _inherit = ["accountable.guard"]
    _order = "name, key"
    _rec_names_search = ["name", "vat_number", "registry_number", "key"]

    sign_in_id = fields.Many2one(
        "accountable.sign.in", required=True, ondelete="cascade", index=True
    )
    key = fields.Char(required=True)
    name = fields.Char(required=True)
    vat_number = fields.Char(string="VAT number")
    registry_number = fields.Char(string="Registry number")
    country_code = fields.Char(string="Country code", help="As the package gives it; may be empty.")
    active = fields.Boolean(default=True)

    _unique_key = models.Constraint(
        "unique(sign_in_id, key)", "This administration is listed already."
    )

    @api.depends("key", "name", "vat_number", "registry_number")
    def _compute_display_name(self):
        """With the number that the package itself shows: two companies may have one name."""
        for administration in self:
            number = administration.vat_number or administration.registry_number
            parts = (administration.name, number)
            key = f" ({administration.key})" if administration.name != administration.key else ""
            administration.display_name = " – ".join(filter(None, parts)) + key

    def _as_party(self):
        """The company whose books these are, as the package tells it."""
        self.ensure_one()
        return Party(
            external_number=0,
            name=self.name,
            vat_number=self.vat_number or "",
            registry_number=self.registry_number or "",
            country=self.country_code or "",
        )

    def _store(self, sign_in, found):
        """Keep the list as the package gives it now; those no longer in it are archived.

        :param list found: ``api.contract.Administration`` objects
        :return: the records that are in the list
        """
        listed = self._keep(sign_in, found)
        known = self.search([("sign_in_id", "=", sign_in.id)])
        (known - listed).active = False
        return listed

    def _keep(self, sign_in, found):
        """Keep what the package tells of these, and nothing of the others.

        :param list found: ``api.contract.Administration`` objects
        :return: their records
        """
        known = (
            self.with_context(active_test=False)
            .search([("sign_in_id", "=", sign_in.id)])
            .grouped("key")
        )
        kept = self.browse()
        for administration in found:
            values = {
                "name": administration.name or administration.key,
                "vat_number": administration.vat_number,
                "registry_number": administration.registry_number,
                "country_code": administration.country,
                "active": True,
            }
            record = known.get(administration.key)
            if not record:
                record = self.create(
                    {"sign_in_id": sign_in.id, "key": administration.key, **values}
                )
                known[record.key] = record  # a list may name one twice
            # connections of one sign-in work at the same time: what did not change is left alone
            elif any((record[name] or "") != (value or "") for name, value in values.items()):
                record.write(values)
            kept |= record
        return kept
