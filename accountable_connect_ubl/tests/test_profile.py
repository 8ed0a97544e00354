"""Receivers as rows: who changes which, what a row may hold, and its file."""

import base64
import json

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, HttpCase, TransactionCase, new_test_user, tagged

from ..api.letter import MailRules
from ..api.profile_file import WAYS
from ..models.profile_mail import KEYS

GROUPS = "base.group_user,account.group_account_invoice"
MANAGER = f"{GROUPS},accountable_connect.group_manager"
USER = f"{GROUPS},accountable_connect.group_user"


class ProfileCase(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company, cls.other = cls.env["res.company"].create([{"name": "A"}, {"name": "B"}])
        cls.manager = cls.person("manager_ubl", MANAGER, cls.company)
        cls.user = cls.person("user_ubl", USER, cls.company)
        cls.manager_of_other = cls.person("manager_ubl_b", MANAGER, cls.other)
        cls.shipped = cls.env.ref("accountable_connect_ubl.profile_horus")

    @classmethod
    def person(cls, login, groups, company):
        return new_test_user(
            cls.env,
            login,
            groups,
            company_id=company.id,
            company_ids=company.ids,
            password=login,
        )

    def profiles(self, user=None):
        return self.env["accountable.ubl.profile"].with_user(user or self.manager)

    def own(self, **values):
        return self.profiles().create({"name": "Peeters", "code": "peeters", **values})


@tagged("post_install", "-at_install")
class TestProfile(ProfileCase):
    def test_a_row_of_the_program_is_read_by_all_and_changed_by_none(self):
        for user in (self.manager, self.user):
            self.assertTrue(self.shipped.with_user(user).name)
            with self.assertRaises(AccessError):
                self.shipped.with_user(user).annexes = True
            with self.assertRaises(AccessError):
                self.shipped.with_user(user).unlink()

    def test_a_manager_changes_the_rows_of_the_company(self):
        own = self.own()
        self.assertEqual(own.company_id, self.company)
        own.annexes = True
        with self.assertRaises(AccessError):
            self.profiles(self.user).create({"name": "B", "code": "b"})
        with self.assertRaises(AccessError):
            own.with_user(self.user).annexes = False
        own.unlink()

    def test_a_row_is_not_given_to_another_company_or_to_all(self):
        own = self.own()
        for company in (False, self.other.id):
            with self.assertRaises(AccessError):
                own.company_id = company
            own.invalidate_recordset(flush=False)
        with self.assertRaises(AccessError):
            own.copy({"company_id": self.other.id})

    def test_nobody_of_another_company_sees_them(self):
        own = self.own()
        self.assertNotIn(own, self.profiles(self.manager_of_other).search([]))
        with self.assertRaises(AccessError):
            own.with_user(self.manager_of_other).read(["name"])
        # its code is free there all the same
        self.profiles(self.manager_of_other).create({"name": "Peeters", "code": "peeters"})

    def test_a_row_without_company_is_not_made_by_a_person(self):
        with self.assertRaises(AccessError):
            self.own(company_id=False)

    def test_a_copy_of_a_row_of_the_program_is_our_own(self):
        first = self.shipped.with_user(self.manager).copy()
        second = self.shipped.with_user(self.manager).copy()
        self.assertEqual(first.company_id, self.company)
        self.assertEqual((first.code, second.code), ("horus_2", "horus_3"))
        self.assertEqual(first.file_types, self.shipped.file_types)
        first.file_types = "xml, pdf"
        self.assertEqual(first._as_profile().media_types, {"application/xml", "application/pdf"})
        self.assertEqual(self.shipped._as_profile().media_types, {"application/xml"})

    def test_the_form_of_a_new_row(self):
        with Form(
            self.profiles(), view="accountable_connect_ubl.accountable_ubl_profile_view_form"
        ) as form:
            form.name, form.code, form.file_types = "Peeters", "peeters", "PDF, jpeg"
            form.takes_folder = False
            form.word_sales, form.word_bills = "SI", "PI"
            form.word_in_address = True
            form.mail_subject = "[{word}] {number}"
            form.largest_mail_mb = 10
        self.assertTrue(form.record._mail_rules().word_in_address)
        profile = form.record._as_profile()
        self.assertEqual(profile.media_types, {"application/pdf", "image/jpeg"})
        self.assertEqual(profile.name, "Peeters")

    def test_what_a_row_cannot_hold(self):
        own = self.own()
        for values in (
            {"file_name": "{type}"},
            {"file_name": "{year}{number}"},
            {"file_name": "../{number}"},
            {"file_types": "xml, exe"},
            {"file_types": ""},
            {"media_types": "application/x-unknown"},
            {"file_types": "xml"},  # and PDF files without e-invoice
            {"pdf_alone": False, "pdf_beside": True, "file_types": "xml"},
            {"code": "Two words"},
            {"largest_mb": -1},
            {"largest_mb": 5000},
            {"mail_subject": "a\nBcc: b@c.be"},
            {"mail_subject": "{vat}"},
            {"mail_note": "a" * 151},
            {"word_sales": "si"},
            {"word_in_address": True, "word_sales": "SI"},
            {"mail_subject": "[{word}]"},
            {"address_pattern": "receiver.be"},
            {"shared_address": "[a]@b"},
            {"largest_mail_mb": 0.5},
            {"mails_per_hour": -1},
            {"mails_per_day": 10**6},
            {"package": "Two words"},
            dict.fromkeys(WAYS, False),
            {"pdf_alone": False, "mail_pdf_beside": True, "file_types": "xml"},
        ):
            with self.subTest(values=values), self.assertRaises(ValidationError):
                own.write(values)

    def test_what_it_says_reaches_the_plain_profile(self):
        own = self.own(largest_mb=1.5)
        self.assertEqual(own._as_profile().largest, 1572864)
        for switch in ("pdf_beside", "annexes", "locked_pdf", "forwards_to_customer"):
            self.assertFalse(getattr(own._as_profile(), switch))
            own[switch] = True
            self.assertTrue(getattr(own._as_profile(), switch))
        for switch in ("pdf_alone", "zip_allowed"):
            self.assertTrue(getattr(own._as_profile(), switch))
            own[switch] = False
            self.assertFalse(getattr(own._as_profile(), switch))

    # Its file

    def upload(self, content, user=None):
        model = self.env["accountable.ubl.profile.import"].with_user(user or self.manager)
        return model.create({"content": base64.b64encode(content)}).action_import()

    def file_of(self, profile, **changes):
        rows = json.loads(base64.b64decode(profile.export_file))
        return json.dumps({**rows, **changes}).encode()

    def test_an_export_is_imported_by_another_company(self):
        own = self.own(
            largest_mb=3,
            file_name="{number}",
            annexes=True,
            pdf_beside=True,
            zip_allowed=False,
            locked_pdf=True,
            notes="Gebeld.",
            package="octopus",
            takes_folder=False,
            mail_subject="[{word}] {number}",
            mail_note="{party}",
            mail_pdf_beside=True,
            word_sales="SI",
            word_bills="PI",
            word_in_address=True,
            address_pattern="uid*@*",
            address_per_kind=True,
            shared_address="ubl@*",
            knows_senders=True,
            largest_mail_mb=12,
            mails_per_hour=100,
            mails_per_day=500,
        )
        action = self.upload(self.file_of(own), self.manager_of_other)
        got = self.env["accountable.ubl.profile"].browse(action["res_id"])
        self.assertEqual(got.company_id, self.other)
        self.assertEqual(got._as_profile(), own._as_profile())
        self.assertEqual((got.code, got.notes), (own.code, own.notes))
        self.assertEqual(got._file_values(), own._file_values())
        self.assertEqual(
            own._as_profile().mail,
            MailRules(
                subject="[{word}] {number}",
                note="{party}",
                pdf_beside=True,
                word_sales="SI",
                word_bills="PI",
                word_in_address=True,
                address_pattern="uid*@*",
                address_per_kind=True,
                shared_address="ubl@*",
                knows_senders=True,
                largest=12 << 20,
                per_hour=100,
                per_day=500,
            ),
        )

    def test_a_file_of_an_earlier_version_is_read(self):
        rows = json.loads(base64.b64decode(self.own().export_file))
        earlier = {key: value for key, value in rows.items() if key not in KEYS}
        action = self.upload(json.dumps(earlier).encode(), self.manager_of_other)
        got = self.env["accountable.ubl.profile"].browse(action["res_id"])
        self.assertTrue(all(got[way] for way in WAYS), "what it does not say is left open")
        self.assertEqual(got._as_profile().mail, MailRules())

    def test_every_row_of_the_program_can_be_exported_and_imported(self):
        for shipped in self.env["accountable.ubl.profile"].search([("company_id", "=", False)]):
            with self.subTest(code=shipped.code):
                action = self.upload(self.file_of(shipped))
                got = self.env["accountable.ubl.profile"].browse(action["res_id"])
                self.assertEqual(got._as_profile(), shipped._as_profile())
                self.assertEqual(got._file_values(), shipped._file_values())
                self.assertEqual(got.company_id, self.company)

    def test_what_is_no_receiver_is_refused_in_words(self):
        own = self.own()
        for content, words in (
            (b"%PDF-1.4", "no file of a receiver"),
            (b"0" * 100_000, "too large"),
            (self.file_of(own, price=1), "“price”"),
            (self.file_of(own, annexes="yes"), "“annexes”"),
            (json.dumps({"format": "accountable-connect-receiver-1"}).encode(), "lacks “name”"),
            (self.file_of(own), "already: Peeters"),
        ):
            with self.subTest(words=words), self.assertRaisesRegex(UserError, words):
                self.upload(content)
        self.assertEqual(self.profiles().search_count([("company_id", "=", self.company.id)]), 1)

    def test_only_managers_import(self):
        with self.assertRaises(AccessError):
            self.upload(self.file_of(self.own(), code="b"), self.user)


@tagged("post_install", "-at_install")
class TestProfileDownload(ProfileCase, HttpCase):
    def test_export_is_a_download(self):
        own = self.own()
        self.authenticate("manager_ubl", "manager_ubl")
        answer = self.url_open(own.action_export()["url"])
        self.assertEqual(answer.status_code, 200)
        self.assertIn("filename=peeters.json", answer.headers["Content-Disposition"])
        self.assertEqual(answer.json()["code"], "peeters")
        self.authenticate("manager_ubl_b", "manager_ubl_b")
        self.assertNotEqual(self.url_open(own.action_export()["url"]).status_code, 200)
