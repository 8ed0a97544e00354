"""Each receiver of the program: what it takes and what it does not, rule by rule."""

from dataclasses import replace

from odoo.addons.accountable_connect.tests.earlier_version import migrate
from odoo.tests import TransactionCase, tagged

from ..api.letter import Facts, looks_like, recipient, subject
from ..api.names import file_name
from ..api.profile_file import WAYS
from ..api.taken import refusal
from . import files
from .files import PDF, XML

PICTURES = {"jpg", "png"}
OFFICE = {"doc", "xls", "docx", "xlsx"}
# Code → what its publisher says it takes, as endings; the rest of the row as it stands.
EXPECTED = {
    "generic": {"xml", "pdf"},
    "adsolut": {"xml"},
    "banqup": {"xml", "pdf", *OFFICE},
    "basecone": {"xml", "pdf", "gif", "bmp", "tif", *PICTURES},
    "bob50": {"xml", "pdf"},
    "clearfacts": {"xml", "pdf", "jpg"},
    "cloud_demat": {"xml", "pdf", "jpg"},
    "exact": {"xml", "pdf"},
    "expertm": {"xml"},
    "horus": {"xml"},
    "octopus": {"xml", "pdf", *PICTURES},
    "yuki": {"xml", "pdf"},
    "billit": {"xml", "pdf"},
    "winbooks": {"xml"},
}
MEGABYTES = {"basecone": 15, "clearfacts": 20, "cloud_demat": 20}
WITHOUT_ZIP = {"banqup", "billit", "bob50", "exact", "octopus", "winbooks", "yuki"}
# Code → its ways: a person uploads, Folder, SFTP, e-mail.
TAKES = {
    "generic": "ufsm",
    "adsolut": "ufs",
    "banqup": "um",
    "basecone": "um",
    "billit": "um",
    "bob50": "uf",
    "clearfacts": "um",
    "cloud_demat": "um",
    "exact": "um",
    "expertm": "ufs",
    "horus": "u",
    "octopus": "um",
    "winbooks": "um",
    "yuki": "ufm",
}
# Code → address as the receiver gives it, where a sales invoice goes, where a bill goes.
ADDRESSES = {
    "octopus": (
        "uid80001@octopus.example",
        "uid80001-SI@octopus.example",
        "uid80001-PI@octopus.example",
    ),
    "exact": ("a1B2@verkoop.exactonline.nl",),
    "yuki": ("claes.101@yuki.example",),
    "clearfacts": ("0477472701-Ab@claes.clearfacts.be",),
    "basecone": ("claes.101@mailtobasecone.com",),
}
SUBJECTS = {
    "basecone": ("[VRK] INV 2026/1 Claes", "[INK] BILL 2026/1 Claes"),
}
ENDINGS = {
    "xml": "application/xml",
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "bmp": "image/bmp",
    "tif": "image/tiff",
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "docx": files.DOCX_TYPE,
    "xlsx": files.XLSX_TYPE,
}


@tagged("post_install", "-at_install")
class TestShippedProfiles(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        rows = cls.env["accountable.ubl.profile"].search([("company_id", "=", False)])
        cls.rows = {row.code: row for row in rows}
        cls.profiles = {row.code: row._as_profile() for row in rows}

    def test_the_rows_are_these(self):
        self.assertEqual(set(self.rows), set(EXPECTED))
        for code, row in self.rows.items():
            with self.subTest(code=code):
                self.assertTrue(row.notes, "says where it is known from")

    def test_a_file_of_each_type_is_taken_or_refused(self):
        for code, profile in self.profiles.items():
            with self.subTest(code=code):
                taken = {ENDINGS[ending] for ending in EXPECTED[code]}
                answers = {
                    media_type: refusal(profile, "a", media_type, content)
                    for media_type, content in files.BY_TYPE.items()
                }
                self.assertEqual({one for one, answer in answers.items() if not answer}, taken)
                self.assertEqual({one for one in answers.values() if one}, {"file_type"})

    def test_the_largest_file(self):
        for code, profile in self.profiles.items():
            with self.subTest(code=code):
                limit = MEGABYTES.get(code, 0) << 20
                self.assertEqual(profile.largest, limit)
                if limit:
                    largest = XML.ljust(limit)
                    self.assertEqual(refusal(profile, "a", "text/xml", largest), "")
                    self.assertEqual(
                        refusal(profile, "a", "text/xml", largest + b" "), "file_too_large"
                    )

    def test_a_pdf_with_a_password(self):
        locked = files.pdf("secret")
        for code, profile in self.profiles.items():
            with self.subTest(code=code):
                answer = refusal(profile, "a", "application/pdf", locked)
                takes_pdf = "application/pdf" in profile.media_types
                self.assertEqual(answer, "file_password" if takes_pdf else "file_type")

    def test_broken_and_dangerous_files_are_taken_by_none(self):
        for code, profile in self.profiles.items():
            with self.subTest(code=code):
                everything = replace(profile, media_types=frozenset(files.BY_TYPE))
                for content, code in (
                    (b"", "file_empty"),
                    (files.WITH_DTD, "file_dtd"),
                    (XML[:-2], "file_damaged"),
                ):
                    self.assertEqual(refusal(everything, "a", "text/xml", content), code)
                self.assertEqual(refusal(everything, "a.xml", "text/xml", PDF), "file_differs")

    def test_what_its_files_are_called(self):
        for code, profile in self.profiles.items():
            with self.subTest(code=code):
                names = []
                for number in ("2026/1", "2026-1"):
                    names.append(
                        file_name(profile, "sale", "BE0123456749", number, "text/xml", names)
                    )
                self.assertEqual(
                    names, ["INV_BE0123456749_2026-1.xml", "INV_BE0123456749_2026-1-2.xml"]
                )

    def test_by_which_ways_they_take_documents(self):
        ways = dict(zip("ufsm", WAYS, strict=True))
        for code, row in self.rows.items():
            with self.subTest(code=code):
                self.assertEqual({one for one, way in ways.items() if row[way]}, set(TAKES[code]))

    def test_where_e_mails_go_and_what_they_say(self):
        for code, profile in self.profiles.items():
            with self.subTest(code=code):
                rules = profile.mail
                address, *expected = ADDRESSES.get(code, ("Box.1@receiver.example",))
                sale, bill = expected or (address, address)
                self.assertEqual(recipient(rules, "sale", address), sale)
                self.assertEqual(recipient(rules, "purchase", address), bill)
                fits = looks_like(rules.address_pattern, address) if code in ADDRESSES else True
                self.assertTrue(fits)
                subjects = [
                    subject(rules, Facts(kind=kind, number="2026/1", company="Claes"), "plain")
                    for kind in ("sale", "purchase")
                ]
                self.assertEqual(tuple(subjects), SUBJECTS.get(code, ("plain", "plain")))

    def test_what_each_asks_of_e_mails(self):
        def those(rule):
            return {code for code, profile in self.profiles.items() if rule(profile)}

        per_kind = {"exact", "clearfacts", "cloud_demat"}
        self.assertEqual(those(lambda one: one.mail.address_per_kind), per_kind)
        self.assertEqual(those(lambda one: one.mail.knows_senders), {"exact"})
        self.assertEqual(those(lambda one: one.mail.shared_address), {"yuki"})
        self.assertEqual(those(lambda one: one.by_mail().pdf_beside), {"yuki"})
        self.assertEqual(those(lambda one: one.forwards_to_customer), {"banqup", "billit"})
        limited = those(lambda one: one.mail.largest == 20 << 20)
        self.assertEqual(limited, {"basecone", "clearfacts", "cloud_demat"})
        self.assertEqual(limited, those(lambda one: one.mail.largest))
        self.assertFalse(those(lambda one: one.mail.per_hour or one.mail.per_day))
        # a picture beside an e-mail's document would become one of its own
        self.assertEqual(those(lambda one: one.annexes), {"banqup"})
        self.assertEqual(
            {code: row.package for code, row in self.rows.items() if row.package},
            {"exact": "exact", "octopus": "octopus", "winbooks": "winbooks"},
        )

    def test_an_upgrade_tells_what_is_known_now_and_keeps_peoples_rows(self):
        own = self.rows["octopus"].copy({"company_id": self.env.company.id})
        own.write({"word_sales": "MINE", "notes": "Ours"})
        before = {code: row._file_values() for code, row in self.rows.items()}
        told = own._file_values()
        self.env.flush_all()
        self.env.cr.execute(
            """
            UPDATE accountable_ubl_profile
               SET takes_mail = true, takes_folder = true, word_sales = NULL, word_bills = NULL,
                   word_in_address = false, package = NULL, largest_mail_mb = 0,
                   notes = '{"en_US": "Then", "nl_BE": "Toen"}'
             WHERE company_id IS NULL
            """
        )
        self.env.invalidate_all()
        migrate(self.env.cr, "19.0.1.8.0", "post-receivers", "accountable_connect_ubl")
        self.env.invalidate_all()
        self.assertEqual({code: row._file_values() for code, row in self.rows.items()}, before)
        self.assertEqual(own._file_values(), told)
        self.env.cr.execute(
            "SELECT count(*) FROM accountable_ubl_profile WHERE notes->>'nl_BE' = 'Toen'"
        )
        self.assertEqual(self.env.cr.fetchone(), (0,), "what was said then is translated no more")

    def test_whether_documents_come_in_a_zip(self):
        refused = {code for code, profile in self.profiles.items() if not profile.zip_allowed}
        self.assertEqual(refused, WITHOUT_ZIP)
