"""However many files a batch has, one content at a time is in memory."""

from contextlib import contextmanager
from unittest.mock import patch

from odoo.addons.accountable_connect.documents import StoredFile

from .common import ConnectionCase
from .fake_package import FakePackage

BILLS = 6
# Its own parts are more than the bills differ by.
SIZE = 300_000


class Content(bytes):
    """Counts how many of its kind are alive."""

    alive = most = reads = 0

    def __new__(cls, *args):
        Content.alive += 1
        Content.reads += 1
        Content.most = max(Content.most, Content.alive)
        return super().__new__(cls, *args)

    def __del__(self):
        Content.alive -= 1


class TestFilesInMemory(ConnectionCase):
    def setUp(self):
        super().setUp()
        Content.alive = Content.most = Content.reads = 0
        self.received = []

    @contextmanager
    def counting(self):
        """Whatever reads a stored file reads it as ``Content``; the package reads what it is
        given."""
        attachments = type(self.env["ir.attachment"])
        read, create, attach = (
            attachments._file_read,
            FakePackage.create_document,
            FakePackage.attach_file,
        )

        def create_document(package, document, *args, **kwargs):
            self.received += [len(file.content) for file in document.files]
            return create(package, document, *args, **kwargs)

        def attach_file(package, key, file, **kwargs):
            self.received.append(len(file.content))
            return attach(package, key, file, **kwargs)

        with (
            patch.object(attachments, "_file_read", lambda *args: Content(read(*args))),
            patch.object(FakePackage, "create_document", create_document),
            patch.object(FakePackage, "attach_file", attach_file),
        ):
            yield

    def bills(self, files=1):
        for number in range(BILLS):
            bill = self.bill(ref=f"F-{number}", amount=100.0 + number, post=False)
            for file in range(files):
                name = f"{number}-{file}.pdf"
                self.attach(bill, name, b"%PDF-1.4 " + name.encode() + b"0" * SIZE)
            bill.action_post()
        self.env.flush_all()
        self.env.invalidate_all()

    def assert_one_at_a_time(self, files):
        self.assertEqual(len(self.received), files)
        self.assertTrue(all(size > SIZE for size in self.received))
        self.assertEqual((Content.most, Content.alive), (1, 0))
        # once for its checksum, once to be sent
        self.assertLessEqual(Content.reads, 2 * files)

    def test_files_that_go_with_their_booking(self):
        self.bills(files=2)
        with self.counting():
            self.work()
        self.assert_one_at_a_time(2 * BILLS)

    def test_files_that_follow(self):
        self.books.capabilities = type(self.books)(files_with_document=False).capabilities
        self.bills(files=2)
        with self.counting():
            self.work()
            self.work()
        self.assertEqual(len(self.received), 2 * BILLS)
        self.assertEqual((Content.most, Content.alive), (1, 0))

    def test_files_in_the_database(self):
        """Odoo reads the content of one of them, and its cache does not keep it."""
        self.env["ir.config_parameter"].set_param("ir_attachment.location", "db")
        self.bills()
        moves = self.env["account.move"].search([("move_type", "=", "in_invoice")])
        documents = self.env["accountable.document"]
        documents._prefetch_files(moves)
        files = [file for move in moves for file in documents._files(move)[0]]
        self.assertEqual(len(files), BILLS)
        attachments = self.env["ir.attachment"].sudo()
        for name in ("raw", "datas", "db_datas"):
            cached = attachments._fields[name]._get_cache(self.env)
            self.assertFalse([content for content in cached.values() if content], name)
        self.assertTrue(all(file.content.startswith(b"%PDF") for file in files))

    def test_prepared_batch_holds_no_content(self):
        self.bills()
        moves = self.env["account.move"].search([("move_type", "=", "in_invoice")])
        with self.counting():
            documents = self.env["accountable.document"]
            documents._prefetch_files(moves)
            files = [file for move in moves for file in documents._files(move)[0]]
            self.assertTrue(all(isinstance(file, StoredFile) for file in files))
            self.assertEqual((Content.most, Content.alive), (1, 0))
            self.assertEqual(len(files[0].content), files[0].size)
            self.assertEqual(Content.alive, 0)

    def test_file_that_is_deleted_while_its_bill_is_sent(self):
        self.bills()
        attachments = self.env["ir.attachment"].search(
            [("res_model", "=", "account.move"), ("name", "=like", "%-0.pdf")]
        )

        def delete(operation, _subject):
            if operation == "create_document":
                attachments.exists().unlink()

        self.books.before.append(delete)
        with self.counting():
            self.work()
        self.assertEqual(len(self.received), BILLS)
        self.assertEqual(
            set(self.env["accountable.job"].sudo().search([]).mapped("state")), {"done"}
        )
