"""Bank accounts of contacts: what nobody trusts goes to no accountant."""

from dataclasses import replace

from odoo.addons.accountable_connect.api import errors
from odoo.addons.accountable_connect.models.queue.res_partner_bank import WATCHED

from .common import ConnectionCase

IBAN = "BE68539007547034"
OTHER = "BE71096123456769"


class TestBankAccounts(ConnectionCase):
    def account(self, number=IBAN, trusted=False, partner=None):
        return self.env["res.partner.bank"].create(
            {
                "partner_id": (partner or self.partner_a).id,
                "acc_number": number,
                "allow_out_payment": trusted,
            }
        )

    @property
    def there(self):
        """The contact as the administration has it."""
        [stored] = self.books.parties.values()
        return stored.party

    @property
    def binding(self):
        return self.bindings(self.partner_a, "party")

    def party_jobs(self):
        return self.jobs(self.partner_a, "party")

    def test_untrusted_account_does_not_go_and_is_told(self):
        """As the e-invoice of a new supplier leaves it."""
        self.account()
        self.bill()
        self.work()
        self.assertEqual(self.there.iban, "")
        self.assertEqual(self.there.bic, "")
        self.assertIn(IBAN, self.partner_a.accountable_notes)
        self.assertIn("Send money", self.partner_a.accountable_notes)

    def test_trusted_account_goes(self):
        self.account(trusted=True)
        self.bill()
        self.work()
        self.assertEqual(self.there.iban, IBAN)
        self.assertFalse(self.partner_a.accountable_notes)

    def test_trusted_one_goes_before_an_untrusted_one(self):
        self.account(OTHER)
        self.account(trusted=True)
        self.bill()
        self.work()
        self.assertEqual(self.there.iban, IBAN)
        self.assertFalse(self.partner_a.accountable_notes)

    def test_trusted_iban_goes_though_an_account_of_another_kind_comes_first(self):
        first = self.account("4111 1111", trusted=True)
        self.assertNotEqual(first.acc_type, "iban")
        self.account(trusted=True)
        self.bill()
        self.work()
        self.assertEqual(self.there.iban, IBAN)

    def test_it_follows_when_it_is_trusted(self):
        account = self.account()
        self.bill()
        self.work()
        account.allow_out_payment = True
        self.assertEqual(self.party_jobs().state, "pending")
        self.assertFalse(self.partner_a.accountable_notes)
        self.work()
        self.assertEqual(self.party_jobs().state, "done")
        self.assertEqual(self.there.iban, IBAN)

    def test_manual_connection_waits_for_the_button(self):
        self.connection.synchronisation = "manual"
        account = self.account()
        self.bill()
        self.connection.action_synchronise()
        self.work()
        account.allow_out_payment = True
        self.assertFalse(self.party_jobs().next_try)
        self.connection.action_synchronise()
        self.work()
        self.assertEqual(self.there.iban, IBAN)

    def test_account_added_later_is_told_and_changes_nothing(self):
        self.bill()
        self.work()
        account = self.account()
        self.assertIn(IBAN, self.partner_a.accountable_notes)
        self.assertFalse(self.party_jobs())
        calls = self.books.calls["save_party"]
        self.bill(ref="F-2")
        self.work()
        self.assertEqual(self.books.calls["save_party"], calls)
        account.unlink()
        self.assertFalse(self.partner_a.accountable_notes)

    def test_other_writes_ask_nobody(self):
        account = self.account(trusted=True)
        self.bill()
        self.work()
        self.assertNotIn("note", WATCHED)
        account.write({"note": "x"})
        account.write({"allow_out_payment": True})
        account.write({"sequence": 5})
        self.assertFalse(self.party_jobs())

    def test_refused_account_is_not_sent_again_by_any_write(self):
        self.bill()
        self.work()
        account = self.account(trusted=True)
        self.books.fail("save_party", errors.DataRefusedError("no such bank", code="-7"))
        self.work()
        job = self.party_jobs()
        self.assertEqual(job.state, "failed")
        account.write({"sequence": 5})
        account.write({"allow_out_payment": True})
        self.assertEqual(job.state, "failed")
        account.allow_out_payment = False
        self.assertEqual(job.state, "pending")

    def test_unlinked_contact_asks_nobody(self):
        self.account().allow_out_payment = True
        self.assertFalse(self.party_jobs())

    def test_contacts_from_the_package_send_nothing(self):
        account = self.account()
        self.bill()
        self.work()
        self.connection.contact_direction = "from_package"
        account.allow_out_payment = True
        self.assertFalse(self.party_jobs())

    # Linked by the version before, with an account nobody trusted

    def sent_before(self):
        """As version 19.0.1.0.0 left it: the account went whether it was trusted or not."""
        account = self.account()
        self.bill()
        self.work()
        connection = self.connection
        party = self.env["accountable.party"]._build(connection, self.partner_a)
        before = replace(
            party, supplier=True, iban=IBAN, bic=account.bank_bic or "", untrusted_iban=""
        )
        [key] = self.books.parties
        self.books.parties[key] = replace(self.books.parties[key], party=before)
        self.binding.sudo().write({"fingerprint": before.fingerprint(), "notes": False})
        self.books.calls.clear()
        return account

    def test_after_the_upgrade_nothing_is_sent_anew(self):
        self.sent_before()
        self.bill(ref="F-2")
        self.work()
        self.assertFalse(self.books.calls["save_party"])
        self.assertEqual(self.there.iban, IBAN)

    def test_account_that_went_before_is_there_when_it_is_trusted(self):
        account = self.sent_before()
        account.allow_out_payment = True
        self.assertFalse(self.party_jobs())
