"""Each receiver of the program: what it takes and what it does not, rule by rule."""

from dataclasses import replace

from odoo.tests import TransactionCase, tagged

from ..api.names import file_name
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
}
MEGABYTES = {"basecone": 15, "clearfacts": 20, "cloud_demat": 20}
WITHOUT_ZIP = {"banqup", "bob50", "exact", "octopus", "yuki"}
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

    def test_whether_documents_come_in_a_zip(self):
        refused = {code for code, profile in self.profiles.items() if not profile.zip_allowed}
        self.assertEqual(refused, WITHOUT_ZIP)
