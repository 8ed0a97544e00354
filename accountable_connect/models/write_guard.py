"""What people may write: everything else belongs to the engine and to the buttons."""

from odoo import Command, api, models
from odoo.exceptions import AccessError

from .sentence import SentenceField, read_groups

# What Odoo itself keeps on records: its screens and messages write it with the rights of people.
ODOO_MODELS = ("mail.thread", "mail.activity.mixin")


class AccountableGuard(models.AbstractModel):
    """Every table of the addons inherits it: a right to write is a right to settings, not to what
    the engine knows.

    A form sends nothing but these fields, a button calls a method that checks the user's right and
    writes as superuser; whatever else a person sends to ``create`` or ``write`` is refused. A new
    field is the engine's until it is named here.
    """

    _name = "accountable.guard"
    _description = "Fields that only the engine writes"

    def _fields_of_people(self):
        """Names of the fields a person who may write the record may change. Addons add theirs."""
        return set()

    def _fields_of_people_at_creation(self):
        """Names of the fields a person gives once, when the record is made, besides those."""
        return set()

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_fields_of_people(vals, creation=True)
        return super().create(vals_list)

    def write(self, vals):
        self._check_fields_of_people(vals)
        return super().write(vals)

    @api.model
    def default_get(self, fields):
        """A default of a person (of a context, or stored by one) is what that person writes."""
        values = super().default_get(fields)
        refused = self._fields_of_engine(values, creation=True)
        refused |= {name for name in values if self._names_hidden(name, values[name])}
        for name in refused:
            del values[name]
            field = self._fields[name]
            if field.default:
                values[name] = field.convert_to_write(field.default(self), self)
        return values

    def onchange(self, values, field_names, fields_spec):
        """A form shows the records it names before anything is stored."""
        self._check_named_records(values)
        return super().onchange(values, field_names, fields_spec)

    def copy_data(self, default=None):
        values_list = super().copy_data(default)
        for values in values_list:
            for name in self._fields_of_engine(values, creation=True) - set(default or ()):
                del values[name]
        return values_list

    def _check_fields_of_people(self, vals, creation=False):
        """Raises AccessError when these values are not a person's to give, or name a record of
        another company; superuser code may write anything."""
        if names := self._fields_of_engine(vals, creation):
            labels = [self._fields[name]._description_string(self.env) for name in sorted(names)]
            raise AccessError(
                self.env._(
                    "%(fields)s of a %(model)s cannot be written: only the synchronisation and its"
                    " buttons change it.",
                    fields=", ".join(labels),
                    # people do not read the list of models
                    model=self.env["ir.model"].sudo()._get(self._name).name,
                )
            )

        self._check_named_records(vals)

    def _check_named_records(self, vals):
        """Raises AccessError when a value names a record the user may not read, lines of a form
        included: what is shown of it later is shown with the rights of the engine."""
        if self.env.su:
            return
        for name, value in vals.items():
            field = self._fields.get(name)
            if not value or not field or not field.comodel_name:
                continue
            records = self.env[field.comodel_name]
            forms = []
            if field.type == "many2one":
                if isinstance(value, dict):  # a line sends the form around it
                    forms, value = [value], value.get("id")
                if value:
                    records.browse(value).check_access("read")
            elif field.type == "one2many":
                changed = (Command.CREATE, Command.UPDATE)
                forms = [command[2] for command in value if command[0] in changed]
            if hasattr(records, "_check_named_records"):
                for form in forms:
                    records._check_named_records(form)

    def _names_hidden(self, name, value):
        try:
            self._check_named_records({name: value})
        except AccessError:
            return True
        return False

    def _read_group_postprocess_groupby(self, groupby_spec, raw_values):
        if isinstance(self._fields.get(groupby_spec), SentenceField):
            return read_groups(self, raw_values)
        return super()._read_group_postprocess_groupby(groupby_spec, raw_values)

    def _fields_of_engine(self, names, creation=False):
        """Those of these names that the user may not write; none for superuser code."""
        if self.env.su:
            return set()
        allowed = self._fields_of_people()
        if creation:
            allowed |= self._fields_of_people_at_creation()
        for model in ODOO_MODELS:
            allowed |= self.env[model]._fields.keys()
        return {
            name
            for name in names
            if name not in allowed and name in self._fields and not self._fields[name].manual
        }
