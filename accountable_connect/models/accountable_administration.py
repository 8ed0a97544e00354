from odoo import api, fields, models


class AccountableAdministration(models.Model):
    """One set of books a sign-in reaches, as last listed by the package."""

    _name = "accountable.administration"
    _description = "Administration of a sign-in"
    _inherit = ["accountable.guard"]
    _order = "name, key"
    _rec_names_search = ["name", "vat_number", "key"]

    sign_in_id = fields.Many2one(
        "accountable.sign.in", required=True, ondelete="cascade", index=True
    )
    key = fields.Char(required=True)
    name = fields.Char(required=True)
    vat_number = fields.Char(string="VAT number")
    active = fields.Boolean(default=True)

    _unique_key = models.Constraint(
        "unique(sign_in_id, key)", "This administration is listed already."
    )

    @api.depends("key", "name", "vat_number")
    def _compute_display_name(self):
        """With the number that the package itself shows: two companies may have one name."""
        for administration in self:
            parts = (administration.name, administration.vat_number)
            number = f" ({administration.key})" if administration.name != administration.key else ""
            administration.display_name = " – ".join(filter(None, parts)) + number

    def _store(self, sign_in, found):
        """Keep the list as the package gives it now; those no longer in it are archived.

        :param list found: ``api.contract.Administration`` objects
        :return: the records that are in the list
        """
        known = {
            record.key: record
            for record in self.with_context(active_test=False).search(
                [("sign_in_id", "=", sign_in.id)]
            )
        }
        listed = self.browse()
        for administration in found:
            values = {
                "name": administration.name or administration.key,
                "vat_number": administration.vat_number,
                "active": True,
            }
            record = known.pop(administration.key, None)
            if record:
                record.write(values)
            else:
                record = self.create(
                    {"sign_in_id": sign_in.id, "key": administration.key, **values}
                )
            listed |= record
        self.browse(record.id for record in known.values()).active = False
        return listed
