"""Screens of Odoo that show each accounting package: one template serves them all."""

from copy import deepcopy
from string import Template

from odoo import api, models

TEMPLATE = "//*[@name='accountable_package']"
CONNECTIONS = "accountable_connection_ids"
# Said of packages whose payments come back alone.
SETTLEMENTS = ".//*[@name='payments_come_back']"


class AccountablePackageViewMixin(models.AbstractModel):
    """Puts a copy of each element named ``accountable_package`` in a view for each package.

    In the copy ``$package`` is the package, ``$label`` its name, and ``accountable_connection_ids``
    the field with its connections; what is named ``payments_come_back`` stays where they do. A
    package addon has its place in every such view with that field, which it adds here::

        <package>_connection_ids = fields.One2many(
            "accountable.connection", compute="_compute_package_connections",
            groups="accountable_connect.group_user")

    Studio works on the template itself.
    """

    _name = "accountable.package.view.mixin"
    _description = "Views that show each accounting package"

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        arch, view = super()._get_view(view_id, view_type, **options)
        if not self.env.context.get("studio"):
            for template in arch.xpath(TEMPLATE):
                for package, label in self._accountable_packages():
                    copy = self._accountable_copy(template, package, label)
                    if not self._accountable_settlements(package):
                        for node in copy.xpath(SETTLEMENTS):
                            node.getparent().remove(node)
                    template.addprevious(copy)
                template.getparent().remove(template)
        return arch, view

    @api.model
    def _get_view_cache_key(self, view_id=None, view_type="form", **options):
        key = super()._get_view_cache_key(view_id, view_type, **options)
        return (*key, bool(self.env.context.get("studio")))

    @api.depends("accountable_connection_ids.package")
    def _compute_package_connections(self):
        for record in self:
            for package, _label in self._accountable_packages():
                record[f"{package}_connection_ids"] = record.accountable_connection_ids.filtered(
                    lambda connection, package=package: connection.package == package
                )

    @api.model
    def _accountable_packages(self):
        """``[(package, its name)]`` of those that have a field for their connections."""
        field = self.env["accountable.sign.in"]._fields["package"]
        return [
            (package, label)
            for package, label in field._description_selection(self.env)
            if f"{package}_connection_ids" in self._fields
        ]

    @api.model
    def _accountable_settlements(self, package):
        """Whether payments come back from a package."""
        connection = self.env["accountable.connection"].new({"package": package})
        return connection._get_capabilities().settlements

    @api.model
    def _accountable_copy(self, template, package, label):
        """The element as it is for this package."""
        copy = deepcopy(template)
        for node in copy.iter("*"):
            for name, value in node.items():
                text = Template(value).safe_substitute(package=package, label=label)
                node.set(name, text.replace(CONNECTIONS, f"{package}_connection_ids"))
            if node.text:
                node.text = Template(node.text).safe_substitute(package=package, label=label)
        copy.set("name", package)
        copy.set("title" if "title" in copy.attrib else "string", label)
        return copy
