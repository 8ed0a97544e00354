from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user

from .common import WinBooksCase


class TestSecurity(WinBooksCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        group = "accountable_connect.group_"
        cls.bookkeeper = new_test_user(
            cls.env,
            "w_user",
            f"{group}user,account.group_account_invoice",
            company_id=cls.company.id,
        )
        cls.manager = new_test_user(
            cls.env,
            "w_manager",
            f"{group}manager,account.group_account_user",
            company_id=cls.company.id,
        )
        other = cls.env["res.company"].create({"name": "Andere zaak"})
        cls.outsider = new_test_user(
            cls.env,
            "w_outsider",
            f"{group}manager,account.group_account_user",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        sudo = cls.env(su=True)
        cls.third = sudo["accountable.winbooks.third"].create(
            {"connection_id": cls.connection.id, "type": "1", "number": "A1"}
        )
        cls.number = sudo["accountable.winbooks.number"].create(
            {
                "connection_id": cls.connection.id,
                "journal": "A1",
                "book_year": "2026-01-01",
                "number": 7,
                "res_model": "account.move",
                "res_id": 1,
                "operation": "document",
            }
        )
        cls.records = cls.third, cls.number

    def test_users_read_and_managers_write(self):
        for record in self.records:
            self.assertTrue(record.with_user(self.bookkeeper).display_name)
            with self.assertRaises(AccessError):
                record.with_user(self.bookkeeper).write({"number": "2"})
        self.third.with_user(self.manager).number = "A2"
        with self.assertRaises(AccessError):
            self.number.with_user(self.manager).number = 8
        paste = self.env["accountable.winbooks.third.paste"]
        with self.assertRaises(AccessError):
            paste.with_user(self.bookkeeper).create({"connection_id": self.connection.id})

    def test_another_company_sees_nothing(self):
        for record in self.records:
            with self.assertRaises(AccessError):
                record.with_user(self.outsider).read(["number"])
        values = {"connection_id": self.connection.id, "type": "1", "number": "B1"}
        with self.assertRaises(AccessError):
            self.env["accountable.winbooks.third"].with_user(self.outsider).create(values)
        paste = self.env["accountable.winbooks.third.paste"].with_user(self.outsider)
        with self.assertRaises(AccessError):
            paste.create({"connection_id": self.connection.id, "text": "A;B"})

    def test_a_list_is_pasted_in_its_company(self):
        other = self.outsider.company_id
        self.manager.company_ids = [(4, other.id)]
        paste = self.env["accountable.winbooks.third.paste"].with_user(self.manager)
        values = {"connection_id": self.connection.id, "text": "A7;B"}
        one = paste.with_context(allowed_company_ids=self.company.ids).create(values)
        with self.assertRaises(AccessError):
            one.with_context(allowed_company_ids=other.ids).read(["text"])
        one.action_take()

    def test_numbers_of_documents_stay(self):
        numbers = self.env["accountable.winbooks.number"].with_user(self.manager)
        with self.assertRaises(UserError):
            self.number.with_user(self.manager).unlink()
        values = {"connection_id": self.connection.id, "journal": "A1", "book_year": "2026-01-01"}
        typed = numbers.create({**values, "number": 9})
        typed.unlink()
        with self.assertRaises(AccessError):
            numbers.create({**values, "number": 10, "res_id": 1})

    def test_both_go_with_their_connection(self):
        self.connection.unlink()
        for record in self.records:
            self.assertFalse(record.exists())
