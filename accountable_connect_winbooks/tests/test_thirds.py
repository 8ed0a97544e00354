from odoo.exceptions import AccessError, UserError, ValidationError

from .common import WinBooksCase


class TestThirds(WinBooksCase):
    def third(self, partner=None, type_="1"):
        return self.env["accountable.winbooks.third"].search(
            [("partner_id", "=", (partner or self.partner_a).id), ("type", "=", type_)]
        )

    def typed(self, **values):
        values = {"connection_id": self.connection.id, "type": "1", **values}
        return self.env["accountable.winbooks.third"].create(values)

    def test_a_number_by_rule_stays(self):
        move = self.invoice(invoice_date="2026-03-10")
        self.assertEqual(self.given(move)["third"], "0477472701")
        self.partner_a.ref = "ALFA"
        self.assertEqual(self.given(move)["third"], "0477472701")
        # as a supplier it has a record of its own
        self.assertEqual(self.given(self.bill(invoice_date="2026-03-10"))["third"], "ALFA")
        self.assertFalse(self.third().shown)

    def test_its_record_is_frozen(self):
        move = self.invoice(invoice_date="2026-03-10")
        row = self.given(move)["third_row"]
        self.assertEqual(len(row), 25)
        self.partner_a.name = "Anders"
        self.assertEqual(self.given(self.invoice(invoice_date="2026-03-11"))["third_row"], row)
        self.third().shown = True
        self.assertEqual(self.given(move)["third_row"], [])

    def test_one_that_the_office_has_is_found(self):
        unclaimed = self.typed(number="alfa 1", vat_number="BE 0477.472.701", shown=True)
        self.assertEqual(unclaimed.number, "ALFA 1")
        given = self.given(self.invoice(invoice_date="2026-03-10"))
        self.assertEqual((given["third"], given["third_row"]), ("ALFA 1", []))
        self.assertEqual(unclaimed.partner_id, self.partner_a)

    def test_one_with_the_same_name_is_found(self):
        self.partner_b.name = "Bakker_100% BV"
        self.typed(number="B1", name="bakker_100% bv", shown=True)
        move = self.invoice(invoice_date="2026-03-10", partner=self.partner_b)
        self.assertEqual(self.given(move)["third"], "B1")

    def test_numbers_of_merged_contacts_stay_taken(self):
        twin = self.env["res.partner"].create({"name": "Alfa", "ref": "TWIN"})
        for partner in (self.partner_a, twin):
            self.given(self.invoice(invoice_date="2026-03-10", partner=partner))
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.partner_a + twin).ids, self.partner_a)
        self.assertEqual(set(self.third().mapped("number")), {"0477472701", "TWIN"})
        move = self.invoice(invoice_date="2026-03-11")
        self.assertEqual(self.given(move)["third"], "0477472701")

    def test_the_number_of_a_deleted_contact_stays_taken(self):
        gone = self.env["res.partner"].create({"name": "Weg", "ref": "REF"})
        third = self.typed(number="REF", partner_id=gone.id)
        gone.unlink()
        self.assertTrue(third.exists())
        self.partner_b.ref = "REF"
        move = self.invoice(invoice_date="2026-03-10", partner=self.partner_b)
        self.assertEqual(self.given(move)["third"], "REF2")

    def test_private_customers_share_the_collective_one(self):
        collective = self.env["res.partner"].create({"name": "Particulieren"})
        self.connection.write(
            {"collective_private_party": True, "collective_partner_id": collective.id}
        )
        persons = self.env["res.partner"].create([{"name": "An"}, {"name": "Bo"}])
        numbers = {
            self.given(self.invoice(invoice_date="2026-03-10", partner=person))["third"]
            for person in persons
        }
        self.assertEqual(numbers, {"PARTICULIE"})

    def test_a_number_changes_until_something_went(self):
        move = self.invoice(invoice_date="2026-03-10")
        item = self.enter(move)
        third = self.third()
        manager = third.with_user(self.env.user)
        with self.assertRaises(UserError):
            manager.number = "C001"
        item._take_out()
        manager.number = "C001"
        self.assertFalse(third.row)
        given = self.given(move)
        self.assertEqual((given["third"], given["third_row"][0]), ("C001", "C001"))

    def test_what_cannot_be_a_number_is_refused(self):
        for number in ("ELEVENCHARS", "A;B", "", "É"):
            with self.assertRaises(ValidationError):
                self.typed(number=number or " ")
        self.typed(number="A1", partner_id=self.partner_a.id)
        with self.assertRaises(ValidationError):
            self.typed(number="A2", partner_id=self.partner_a.id)

    def test_people_write_neither_row_nor_origin(self):
        third = self.typed(number="A1")
        for values in ({"row": ["x"]}, {"origin": "read"}):
            with self.assertRaises(AccessError):
                third.write(values)

    def test_a_list_is_pasted(self):
        self.given(self.invoice(invoice_date="2026-03-10", partner=self.partner_b))
        # by rule, and nothing went with it
        self.given(self.invoice(invoice_date="2026-03-10"))
        self.assertEqual(self.third().origin, "rule")
        known = self.third(self.partner_b).number
        paste = self.env["accountable.winbooks.third.paste"].create(
            {
                "connection_id": self.connection.id,
                "text": "Nummer;Naam;BTW\nALFA;Anders;BE0477.472.701\n"
                f"{known};partner_b;\nZOZO;Onbekend;\n",
            }
        )
        paste.action_take()
        self.assertEqual(self.third().number, "ALFA")
        self.assertTrue(self.third().shown)
        self.assertFalse(self.third().row)
        self.assertTrue(self.third(self.partner_b).shown)
        unmatched = self.env["accountable.winbooks.third"].search([("number", "=", "ZOZO")])
        self.assertFalse(unmatched.partner_id)
        self.assertEqual((paste.row_count, paste.findings), (3, False))
        self.assertIn("<td>", paste.preview)
        paste.text = "TOO LONG A NUMBER;Naam;1\n"
        with self.assertRaises(UserError):
            paste.action_take()
        # what is none is shown, and left out
        paste.text += "GAMMA;Naam;\n"
        self.assertEqual(paste.row_count, 1)
        self.assertIn("line 1 “TOO LONG A NUMBER”", paste.findings)
        paste.action_take()
        self.assertTrue(self.env["accountable.winbooks.third"].search([("number", "=", "GAMMA")]))

    def test_what_is_used_is_asked_once_for_many(self):
        thirds = self.env["accountable.winbooks.third"].concat(
            *(self.typed(number=number) for number in ("A1", "A2", "A3"))
        )
        asked = []

        def _used_numbers(model, connection, type_):
            asked.append((connection, type_))
            return {}

        self.patch(type(thirds), "_used_numbers", _used_numbers)
        thirds.unlink()
        self.assertEqual(asked, [(self.connection, "1")])
