"""What somebody may not read of a record nobody finds out by searching, grouping or sorting either.

Odoo checks the groups of a field where it reads it, and in a condition on a column. A field with a
search method of its own is turned into another condition before that.
"""

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user

from .common import ConnectionCase

MODULE = "accountable_connect"
# A value each kind of field can be compared with.
SOUGHT = {"date": "2026-01-01", "datetime": "2026-01-01 00:00:00", "integer": 1, "float": 1.0}
# How a record of one of these is reached from another table.
PATHS = (
    ("account.move.line", "move_id", "account.move"),
    ("account.payment", "move_id", "account.move"),
    ("res.users", "partner_id", "res.partner"),
    ("account.move", "partner_id", "res.partner"),
    ("account.move", "company_id", "res.company"),
    ("res.partner.bank", "partner_id", "res.partner"),
)


class TestFieldAccess(ConnectionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoicing = new_test_user(
            cls.env, "invoicing", "account.group_account_invoice,base.group_allow_export"
        )
        cls.portal = new_test_user(cls.env, "portal-user", "base.group_portal")
        cls.bookkeeper = new_test_user(
            cls.env, "bookkeeper", f"{MODULE}.group_user,base.group_allow_export"
        )
        cls.manager = new_test_user(cls.env, "chief", f"{MODULE}.group_manager")

    def setUp(self):
        super().setUp()
        self.move = self.invoice(partner=self.portal.partner_id)
        self.work()

    def fields_with_groups(self):
        """``(model, field)`` of every field of ours that only some people may read."""
        for name, model in self.env.registry.items():
            if model._abstract or model._transient:
                continue
            for field in model._fields.values():
                if field.groups and any(module.startswith(MODULE) for module in field._modules):
                    yield name, field

    def ways(self, model, field):
        """Every way to ask for it, as calls from outside can."""
        name, value = field.name, SOUGHT.get(field.type, "A")
        found = model.search([], limit=1)
        yield "search", lambda: model.search([(name, "=", value)])
        yield "not", lambda: model.search(["!", (name, "=", value)])
        yield "in", lambda: model.search([(name, "in", [value])])
        yield "set", lambda: model.search([(name, "!=", False)])
        yield "unset", lambda: model.search_count([(name, "=", False)])
        yield "greater", lambda: model.search([(name, ">", value)])
        yield "order", lambda: model.search([], order=f"{name} desc")
        yield "search_read", lambda: model.search_read([], [name], limit=1)
        yield "web_search_read", lambda: model.web_search_read([], {name: {}}, limit=1)
        yield "group", lambda: model.formatted_read_group([], [name], ["__count"])
        yield "aggregate", lambda: model.formatted_read_group([], [], [f"{name}:count"])
        yield (
            "condition of a group",
            lambda: model.formatted_read_group([(name, "!=", False)], [], ["__count"]),
        )
        if not found:
            return
        yield "read", lambda: found.read([name])
        yield "export", lambda: found.export_data([name])
        yield "filtered", lambda: found.filtered_domain([(name, "!=", False)])

    def ways_over(self, model, path, field):
        """The same from another table that leads to it."""
        value = SOUGHT.get(field.type, "A")
        condition = [(field.name, "=", value)]
        dotted = f"{path}.{field.name}"
        yield "path", lambda: model.search([(dotted, "=", value)])
        yield "any", lambda: model.search([(path, "any", condition)])
        yield "not any", lambda: model.search([(path, "not any", condition)])
        yield "order", lambda: model.search([], order=dotted)
        yield "group", lambda: model.formatted_read_group([], [dotted], ["__count"])
        found = model.search([], limit=1)
        yield "export", lambda: found.export_data([dotted.replace(".", "/")])
        yield "web_read", lambda: found.web_read({path: {"fields": {field.name: {}}}})

    def assert_refused(self, what, ask):
        """Refused, or impossible for everybody."""
        with self.subTest(what), self.env.cr.savepoint():
            try:
                answer = ask()
            except (AccessError, UserError, ValueError, TypeError, NotImplementedError):
                return
            self.fail(f"answered: {answer}")

    def test_who_may_not_read_finds_nothing_out(self):
        asked = set()
        for name, field in self.fields_with_groups():
            for user in (self.invoicing, self.portal, self.bookkeeper, self.manager):
                model = self.env[name].with_user(user)
                if not model.has_access("read") or model._has_field_access(field, "read"):
                    continue
                asked.add((name, field.name))
                for way, ask in self.ways(model, field):
                    self.assert_refused(f"{user.login} {name} {field.name} {way}", ask)
        self.assertIn(("account.move", "accountable_number"), asked)
        self.assertIn(("res.partner", "accountable_number"), asked)
        self.assertIn(("accountable.job", "technical"), asked)
        self.assertIn(("accountable.sign.in", "tokens"), asked)

    def test_nor_over_another_table(self):
        fields = list(self.fields_with_groups())
        for start, path, target in PATHS:
            for name, field in fields:
                if name != target:
                    continue
                for user in (self.invoicing, self.portal):
                    model = self.env[start].with_user(user)
                    if not model.has_access("read") or not model.search([], limit=1):
                        continue
                    for way, ask in self.ways_over(model, path, field):
                        self.assert_refused(f"{user.login} {start} {path} {field.name} {way}", ask)

    def test_who_may_read_finds(self):
        for user in (self.bookkeeper, self.manager):
            moves = self.env["account.move"].with_user(user)
            for condition in (
                ("accountable_number", "=", self.move.accountable_number),
                ("accountable_state", "=", "exported"),
                ("accountable_date", "!=", False),
                ("accountable_error", "=", False),
                ("accountable_job_count", ">", 0),
            ):
                with self.subTest(user=user.login, condition=condition):
                    self.assertIn(self.move, moves.search([condition]))
