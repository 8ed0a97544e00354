"""A report of what became of documents, uploaded by a person."""

import base64

from odoo.addons.accountable_connect.api.import_report import TEMPLATE, Answer
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from .common import ConnectionCase
from .common_batches import BatchesMixin


@tagged("post_install", "-at_install")
class TestUpload(BatchesMixin, ConnectionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(
            cls.env, "upload_user", groups="accountable_connect.group_user,base.group_user"
        )

    def upload(self, content, batch=None, name="report.csv"):
        """As a person uploads it; the upload, and what the screen does then."""
        where = (batch or self.connection).with_user(self.user)
        action = where.action_upload()
        dialogue = self.env[action["res_model"]].with_user(self.user).browse(action["res_id"])
        dialogue.write({"file_name": name, "content": base64.b64encode(content)})
        action = dialogue.action_read()
        self.env.invalidate_all()
        shown = action["params"]["next"] if action["type"] == "ir.actions.client" else action
        upload = self.env["accountable.upload"].with_user(self.user).browse(shown["res_id"])
        return upload, action

    def report(self, *rows):
        return "\n".join(["number;outcome;words", *(";".join(row) for row in rows)]).encode()

    def test_what_it_says_is_done(self):
        moves = self.env["account.move"].concat(*(self.invoice() for _number in range(4)))
        confirmed, refused, unclear, missing = moves
        batch = self.new_batch(moves)
        other = self.new_batch(self.invoice(), number=2)
        content = self.report(
            (confirmed.name, "OK", ""),
            (refused.name, "error", "Klant onbekend"),
            (unclear.name, "perhaps", ""),
            ("INV/1999/1", "ok", ""),
        )
        upload, _action = self.upload(content)
        self.assertEqual(
            batch.item_ids.mapped("state"), ["confirmed", "refused", "in_batch", "in_batch"]
        )
        self.assertEqual(
            moves.mapped("accountable_state"), ["exported", "error", "handed_over", "handed_over"]
        )
        self.assertIn("Klant onbekend", refused.accountable_error)
        self.assertEqual(missing.accountable_error, False)
        self.assertEqual(other.item_ids.state, "in_batch", "nothing is said of that batch")
        counts = {
            "confirmed": 1,
            "refused": 1,
            "unclear": 1,
            "missing": 1,
            "unknown": 1,
            "known": 0,
        }
        self.assertEqual(upload.counts, counts)
        self.assertEqual({name: upload[f"{name}_count"] for name in counts}, counts)
        self.assertEqual(upload.unknown_numbers, "INV/1999/1")
        self.assertIn("Confirmed: 1. Refused: 1.", upload.message)
        self.assertIn("not in the file: 1", upload.message)
        self.assertEqual((upload.user_id, upload.name), (self.user, "report.csv"))
        self.assertEqual(upload.sudo().content and base64.b64decode(upload.sudo().content), content)

    def test_the_same_file_twice_changes_nothing(self):
        move = self.invoice()
        self.new_batch(move)
        content = self.report((move.name, "refused", "No"))
        upload, action = self.upload(content)
        self.assertEqual(action["type"], "ir.actions.act_window")
        self.new_batch(move, number=2)  # it went again, corrected
        again, action = self.upload(content, name="copy.csv")
        self.assertEqual(again, upload)
        self.assertIn("read before", action["params"]["message"])
        self.assertEqual(move.accountable_state, "handed_over")

    def test_another_file_that_says_the_same_counts_as_known(self):
        move = self.invoice()
        batch = self.new_batch(move)
        self.upload(self.report((move.name, "ok", "")))
        upload, _action = self.upload(self.report((move.name, "ok", "twice")))
        self.assertEqual((upload.known_count, upload.confirmed_count), (1, 0))
        self.assertEqual(batch.state, "confirmed")

    def test_of_one_batch_it_reaches_no_other(self):
        first, second = self.invoice(), self.invoice()
        batch = self.new_batch(first)
        other = self.new_batch(second, number=2)
        content = self.report((first.name, "ok", ""), (second.name, "ok", ""))
        upload, _action = self.upload(content, batch)
        self.assertEqual((batch.state, other.state), ("confirmed", "handed_over"))
        self.assertEqual((upload.batch_id, upload.unknown_numbers), (batch, second.name))
        self.upload(content, other)
        self.assertEqual(other.state, "confirmed")

    def test_only_what_was_handed_over_is_meant(self):
        closed, opened = self.invoice(), self.invoice()
        self.new_batch(closed, "closed")
        self.new_batch(opened, "open")
        content = self.report((closed.name, "refused", ""), (opened.name, "refused", ""))
        upload, _action = self.upload(content)
        self.assertEqual((upload.unknown_count, upload.refused_count), (2, 0))
        self.assertEqual((closed + opened).mapped("accountable_state"), ["to_export", "to_export"])

    def test_files_are_known_by_their_names(self):
        move = self.invoice()
        batch = self.new_batch(move)
        self.upload(self.report((batch.file_ids.name, "ok", "")))
        self.assertEqual(batch.state, "confirmed")

    def test_two_documents_of_one_name_are_not_told_apart(self):
        first, second = self.invoice(), self.invoice()
        batch = self.new_batch(first + second)
        for item in batch.item_ids:
            item._write({"name": "F1"})
        self.env.invalidate_all()
        upload, _action = self.upload(self.report(("F1", "refused", "which?")))
        self.assertEqual(upload.unknown_count, 1)
        self.assertEqual(batch.item_ids.mapped("state"), ["in_batch"] * 2)

    def test_words_that_begin_with_a_code_of_the_receiver(self):
        codes = [("LOCKPER", "The period is locked."), ("DOC_EXI", "It exists.")]
        connections, learned = self.registry["accountable.connection"], []
        self.patch(connections, "_receiver_codes", lambda _self: codes)
        self.patch(
            connections,
            "_receiver_refused",
            lambda _self, items, code: learned.append((items.mapped("name"), code)),
        )
        moves = [self.invoice() for _number in range(4)]
        self.new_batch(self.env["account.move"].union(*moves))
        words = ["LOCKPER: in 2026/03", "[doc_exi]\u00a0:", "No such code", "LOCKPER: in 2026/03"]
        rows = [(move.name, "refused", said) for move, said in zip(moves, words, strict=True)]
        self.upload(self.report(*rows))
        names = [move.name for move in moves]
        self.assertEqual(
            sorted(learned),
            sorted([([names[0], names[3]], "LOCKPER"), ([names[1]], "DOC_EXI"), ([names[2]], "")]),
        )
        said = [self.jobs(move).message.partition("): ")[2] for move in moves]
        self.assertEqual(
            said[:3],
            [
                "LOCKPER: The period is locked. “in 2026/03”",
                "DOC_EXI: It exists.",
                "“No such code”",
            ],
        )

    def test_refused_without_words_names_the_file(self):
        move = self.invoice()
        self.new_batch(move)
        self.upload(self.report((move.name, "refused", "")))
        self.assertIn("report.csv", move.accountable_error)

    def test_what_cannot_be_read_is_said_and_kept_nowhere(self):
        for content, words in (
            (b"PK\x03\x04", "spreadsheet"),
            (b"a;b\n1;2", "must name the columns"),
            (b"\x00\x01", "no text file"),
            (b'number;outcome\n"x', "quotation mark"),
        ):
            with self.subTest(words=words), self.assertRaisesRegex(UserError, words):
                self.upload(content)
        action = self.connection.with_user(self.user).action_upload()
        dialogue = self.env[action["res_model"]].with_user(self.user).browse(action["res_id"])
        with self.assertRaisesRegex(UserError, "Choose a file"):
            dialogue.action_read()

    def test_a_template_is_offered(self):
        action = self.connection.with_user(self.user).action_upload()
        dialogue = self.env[action["res_model"]].with_user(self.user).browse(action["res_id"])
        self.assertEqual(base64.b64decode(dialogue.template), TEMPLATE)

    def test_a_package_reads_its_own_report(self):
        move = self.invoice()
        batch = self.new_batch(move)
        answers = [Answer(number=move.name, outcome="confirmed", words="booked as 12")]
        self.patch(
            self.env.registry["accountable.upload"], "_read_upload", lambda self, content: answers
        )
        self.upload(b"<own/>", name="report.xml")
        self.assertEqual((batch.state, str(batch.item_ids.message)), ("confirmed", "booked as 12"))

    def test_a_branch_uploads_nothing_for_its_root(self):
        branch = self.env["res.company"].create({"name": "Filiaal", "parent_id": self.company.id})
        user = new_test_user(
            self.env,
            "branch_uploads",
            groups="accountable_connect.group_user,base.group_user",
            company_id=branch.id,
            company_ids=[(6, 0, branch.ids)],
        )
        with self.assertRaises(UserError):
            self.connection.with_user(user).action_upload()
