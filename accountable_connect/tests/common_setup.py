"""What the tests of the set-up share: a package of their own, a manager who is no administrator."""

from unittest.mock import patch

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

from ..api.contract import Administration, Capabilities, PartyChanges, StoredParty
from ..documents import MasterItem, Party
from .vat_code_list import vat_codes

CAPABILITIES = Capabilities(consecutive_numbers=True)


class SetUpPackage:
    """Answers the questions of the set-up; ``error`` is raised instead when it is set."""

    capabilities = CAPABILITIES

    def __init__(self):
        self.error = None
        self.calls = []
        self.administrations = [
            Administration(key="70123", name="Vandersmissen BV", vat_number="BE0999999031")
        ]
        self.items = [*self._journals(), *vat_codes(), *self._accounts(), *self._others()]
        self.parties = []

    def __enter__(self):
        return self

    def __exit__(self, *exception_details):
        return None

    def _answer(self, question, answer):
        self.calls.append(question)
        if self.error:
            raise self.error
        return answer

    def test_sign_in(self):
        return self._answer("test_sign_in", None)

    def list_administrations(self):
        return self._answer("list_administrations", self.administrations)

    def fetch_master_data(self, kinds):
        return self._answer(
            "fetch_master_data", [item for item in self.items if item.kind in kinds]
        )

    def parties_changed_since(self, cursor):
        return self._answer(
            "parties_changed_since", PartyChanges(parties=tuple(self.parties), cursor="1")
        )

    def replace(self, code, **changes):
        """The administration changes one of its items; ``gone=True`` removes it."""
        [item] = [item for item in self.items if item.code == code]
        position = self.items.index(item)
        self.items.remove(item)
        if not changes.pop("gone", False):
            details = item.details | changes.pop("details", {})
            values = {"kind": item.kind, "code": code, "name": item.name, "details": details}
            self.items.insert(position, MasterItem(**(values | changes)))
        return item

    def _journals(self):
        for code, name, type_, number in (
            ("V1", "Verkopen", "sale", 0),
            ("V2", "Creditnota's verkoop", "sale", 0),
            ("A1", "Aankopen", "purchase", 0),
            ("F1", "Bank", "bank", 0),
        ):
            yield MasterItem(
                kind="journal",
                code=code,
                name=name,
                details={"type": type_, "currency": "EUR", "last_number": number},
            )

    def _accounts(self):
        for code, name, box in (
            ("700000", "Verkopen handelsgoederen", ""),
            ("600000", "Aankopen handelsgoederen", "81"),
            ("612000", "Kantoorkosten", "82"),
            ("657000", "Kortingen", "82"),
        ):
            details = {"vat_box": box} if box else {}
            yield MasterItem(kind="ledger_account", code=code, name=name, details=details)

    def _others(self):
        yield MasterItem(kind="payment_term", code="30", name="30 dagen", details={"days": 30})


def stored_party(key, name, **values):
    """A party as the administration holds it."""
    values.setdefault("external_number", 0)
    return StoredParty(key=key, party=Party(name=name, **values))


class SetUpCommon(AccountTestInvoicingCommon):
    @classmethod
    @AccountTestInvoicingCommon.setup_country("be")
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.company.vat = "BE0999999031"
        cls.env.user.group_ids |= cls.env.ref("accountable_connect.group_manager")
        cls.add_package()
        cls.manager = cls.new_user("manager@example.com", "accountable_connect.group_manager")
        cls.bookkeeper = cls.new_user("user@example.com", "accountable_connect.group_user")
        cls.sign_in = cls.env["accountable.sign.in"].create(
            {"name": "Kantoor", "package": "tried", "company_ids": [(6, 0, cls.company.ids)]}
        )

    def setUp(self):
        super().setUp()
        package = self.package
        kept = {name: getattr(package, name) for name in ("administrations", "items", "parties")}
        for name, values in kept.items():
            setattr(package, name, list(values))
            self.addCleanup(setattr, package, name, values)
        self.addCleanup(setattr, package, "error", None)
        package.calls = []

    @classmethod
    def add_package(cls):
        """A package that only these tests know, and its connections open ``cls.package``."""
        cls.package = SetUpPackage()
        field = cls.env["accountable.sign.in"]._fields["package"]
        selection = [*(field.selection or []), ("tried", "Tried")]
        cls.startClassPatcher(patch.object(field, "selection", selection))
        cls.startClassPatcher(patch.object(field, "_selection", dict(selection)))
        connections = cls.env.registry["accountable.connection"]
        cls.startClassPatcher(patch.object(connections, "_open_package", lambda self: cls.package))
        cls.startClassPatcher(
            patch.object(connections, "_get_capabilities", lambda self: CAPABILITIES)
        )

    @classmethod
    def new_user(cls, login, *groups, company=None):
        company = company or cls.company
        return cls.env["res.users"].create(
            {
                "name": login,
                "login": login,
                "company_id": company.id,
                "company_ids": [(6, 0, company.ids)],
                "group_ids": [
                    (6, 0, [cls.env.ref(name).id for name in (*groups, "base.group_user")])
                ],
            }
        )

    @classmethod
    def new_connection(cls, **values):
        """With the rights of the engine."""
        connections = cls.env["accountable.connection"].sudo()
        return connections.create(
            {
                "sign_in_id": cls.sign_in.id,
                "company_id": cls.company.id,
                "administration_key": "70123",
                "administration_name": "Vandersmissen BV",
                **values,
            }
        )

    @classmethod
    def mapped_connection(cls, **values):
        """A connection whose master data was read and whose rows are proposed."""
        connection = cls.new_connection(**values)
        connection._refresh_master_data(cls.package)
        connection.action_propose_mappings()
        return connection

    def walk_to(self, connection, step):
        """*Continue* until this step, or where it is skipped *Change* on the summary."""
        steps = connection._steps()
        for _turn in steps:
            if steps.index(connection.step) >= steps.index(step):
                break
            if connection.step == "administration" and not connection.administration_key:
                connection.action_choose_administration()
            connection.action_next_step()
            self.assertFalse(connection.problem, connection.problem)
        if connection.step != step:
            connection.change_step([connection.id, step])
        self.assertEqual(connection.step, step)
        return connection

    def tax(self, name):
        return self.env.ref(f"account.{self.company.id}_attn_VAT-{name}")
