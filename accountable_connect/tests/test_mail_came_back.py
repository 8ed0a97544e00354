"""E-mails that come back, as Odoo's mail gateway hands them on, and limits of receivers."""

from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP
from unittest.mock import patch

import psycopg2
from odoo.addons.accountable_connect.models.engine import hand_over as engine
from odoo.addons.accountable_connect.models.engine.hand_over import HandOver
from odoo.addons.accountable_connect.models.hand_over import hand_over_mail
from odoo.tests import new_test_user

from .common_memory_mail import MemoryMailCase, lost_after_the_dot

WORDS = "550 5.1.1 No such mailbox"


class TestMailCameBack(MemoryMailCase):
    def come_back(self, message_id, action="failed", report=True, **head):
        """A report on the e-mail with this Message-ID, as Odoo fetches it."""
        message = EmailMessage(policy=SMTP)
        message["From"] = head.pop("sender", "MAILER-DAEMON@kantoor.example")
        message["To"] = "bounce@voorbeeld.example"
        message["Message-ID"] = f"<{len(self.gateway)}.report@kantoor.example>"
        for name, value in head.items():
            message[name.replace("_", "-")] = value
        message.set_content("Undelivered mail returned to sender")
        if report:
            message.make_mixed()
            message.set_type("multipart/report")
            message.set_param("report-type", "delivery-status")
        content = message.as_bytes()
        if report:
            boundary = message.get_boundary().encode()
            parts = (
                "Content-Type: message/delivery-status\r\n\r\n"
                "Reporting-MTA: dns; mx.kantoor.example\r\n\r\n"
                "Final-Recipient: rfc822; uid80001@kantoor.example\r\n"
                f"Action: {action}\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; {WORDS}\r\n\r\n",
                "Content-Type: message/rfc822\r\n\r\n"
                f"Message-ID: {message_id}\r\nSubject: Invoice\r\n\r\nAttached.\r\n",
            )
            added = b"".join(b"--%s\r\n%s" % (boundary, part.encode()) for part in parts)
            end = b"--%s--" % boundary
            content = content.replace(end, added + end)
        self.gateway.append(content)
        self.env["mail.thread"].message_process(None, content)
        self.env.invalidate_all()

    def setUp(self):
        super().setUp()
        self.gateway = []

    def stage(self, batch):
        return self.bindings(self.env["account.move"].browse(batch.item_ids.res_id)).stage

    def test_what_came_back_failed_and_waits_for_a_person(self):
        batch = self.sent()
        one = batch.hand_over_ids
        mails = self.env["mail.mail"].sudo().search_count([])
        self.come_back(one.message_id)
        self.assertEqual((one.state, one.next_try, batch.state), ("failed", False, "closed"))
        self.assertTrue(one.bounced_at)
        self.assertFalse(batch.handed_over_at)
        self.assertEqual(self.stage(batch), "in_batch")
        for text in (batch.message, self.connection.activity_ids[:1].note):
            self.assertIn(WORDS, text)
            self.assertIn("uid80001@Kantoor.example", text)
        self.assertEqual(self.env["mail.mail"].sudo().search_count([]), mails)
        # the batch leads to the address
        [_words, hint] = batch.alerts.values()
        self.assertIn("Hand over now", hint["message"])
        self.assertEqual(hint["action"]["res_id"], self.connection.id)
        # it does not go again by itself, nor because something else works
        self.work()
        self.connection._hand_over_again_what_failed(tested=True)
        self.pass_hours()
        self.work()
        self.assertEqual(len(self.server.sent), 1)

    def test_another_address_cures_it(self):
        batch = self.sent()
        self.come_back(batch.hand_over_ids.message_id)
        self.connection.mail_to = "uid80002@kantoor.example"
        self.work()
        self.assertEqual((batch.state, batch.message), ("handed_over", False))
        self.assertEqual(self.stage(batch), "handed_over")
        first, second = self.server.sent
        self.assertEqual(second[0].recipient, "uid80002@kantoor.example")
        self.assertNotEqual(first[0].message_id, second[0].message_id)
        self.assertEqual(first[1], second[1])
        self.assertFalse(batch.hand_over_ids.bounced_at)
        self.assertFalse(self.connection.activity_ids)
        # what comes back of the first one says nothing of the second
        self.come_back(first[0].message_id)
        self.assertEqual((batch.state, batch.hand_over_ids.state), ("handed_over", "done"))
        self.assertIn(WORDS, batch.hand_over_ids.message)
        self.come_back(second[0].message_id)
        self.assertEqual(batch.state, "closed")

    def test_what_changed_since_goes_only_when_a_person_says_so(self):
        """It would go as it was, cancelled perhaps; a cure of the address means the others."""
        batch = self.sent()
        self.come_back(batch.hand_over_ids.message_id)
        self.change(batch.item_ids._record(), 200)
        self.work()
        self.connection.mail_to = "uid80002@kantoor.example"
        self.work()
        self.assertEqual((batch.state, len(self.server.sent)), ("closed", 1))
        batch.action_hand_over()
        self.work()
        self.assertEqual((batch.state, len(self.server.sent)), ("handed_over", 2))

    def test_what_changed_since_goes_corrected_once_it_is_refused(self):
        batch = self.sent()
        self.come_back(batch.hand_over_ids.message_id)
        invoice = batch.item_ids._record()
        self.change(invoice, 200)
        self.work()
        batch._download(self.env.uid)
        batch.hand_over_ids.filtered(lambda one: one.channel == "download")._downloaded([])
        batch._refuse("It never arrived.")
        self.work()
        corrected = self.items(invoice).filtered(lambda one: one.state == "in_batch")
        self.assertEqual(corrected.amount_total, invoice.amount_total)

    def test_the_same_settings_once_more_cure_nothing(self):
        batch = self.sent()
        self.come_back(batch.hand_over_ids.message_id)
        self.connection.write({"channel": "mail", "mail_to": self.connection.mail_to})
        self.work()
        self.assertEqual((batch.state, len(self.server.sent)), ("closed", 1))

    def test_a_person_sends_it_again(self):
        batch = self.sent()
        self.come_back(batch.hand_over_ids.message_id)
        batch.action_hand_over()
        self.work()
        self.assertEqual(batch.state, "handed_over")
        self.assertEqual(len(self.server.sent), 2)

    def test_what_was_answered_is_only_noted(self):
        for answer in ("_confirm", "_refuse"):
            with self.subTest(answer):
                batch = self.sent()
                batch._refuse("No") if answer == "_refuse" else batch._confirm()
                state = batch.state
                one = batch.hand_over_ids
                self.come_back(one.message_id)
                self.assertEqual((one.state, batch.state), ("done", state))
                self.assertIn(WORDS, one.message)

    def test_late_is_not_lost(self):
        batch = self.sent()
        one = batch.hand_over_ids
        self.come_back(one.message_id, action="delayed")
        self.assertEqual((one.state, batch.state), ("done", "handed_over"))
        self.assertIn(WORDS, one.message)

    def test_an_answering_machine_is_no_failure(self):
        batch = self.sent()
        one = batch.hand_over_ids
        head = {"In_Reply_To": one.message_id, "Auto_Submitted": "auto-replied"}
        self.come_back(one.message_id, report=False, sender="kantoor@kantoor.example", **head)
        self.assertEqual((one.state, batch.state), ("done", "handed_over"))

    def test_what_the_receiver_answers_is_kept(self):
        batch = self.sent()
        one = batch.hand_over_ids
        mails = self.env["mail.mail"].sudo().search_count([])
        answer = (
            "From: kantoor@kantoor.example\r\nTo: boekhouding@voorbeeld.example\r\n"
            f"Subject: Received\r\nMessage-ID: <1@kantoor.example>\r\n"
            f"In-Reply-To: {one.message_id}\r\n\r\nYour document is in the inbox.\r\n"
        )
        self.env["mail.thread"].message_process(None, answer)
        self.assertIn("in the inbox", one.message_ids[0].body)
        self.assertEqual((one.state, batch.state), ("done", "handed_over"))
        self.assertFalse(one.message_follower_ids)
        self.assertEqual(self.env["mail.mail"].sudo().search_count([]), mails)

    def test_a_report_without_a_recipient(self):
        batch = self.sent()
        one = batch.hand_over_ids
        self.come_back(one.message_id, report=False, In_Reply_To=one.message_id)
        self.assertEqual((one.state, batch.state), ("failed", "closed"))
        self.assertIn("Undelivered mail", batch.message)

    def test_nothing_but_a_message_id_of_ours_counts(self):
        batch = self.sent()
        note = self.connection.message_post(body="Something else")
        for message_id in ("<accountable.0@voorbeeld.example>", note.message_id, ""):
            self.come_back(message_id)
        self.assertEqual(batch.state, "handed_over")

    def test_a_second_one_changes_nothing(self):
        batch = self.sent()
        one = batch.hand_over_ids
        self.come_back(one.message_id)
        bounced = one.bounced_at
        self.come_back(one.message_id)
        self.assertEqual((one.state, one.bounced_at), ("failed", bounced))

    def test_what_was_not_known_is_known_then(self):
        self.server.breaks_after["publish"] = lost_after_the_dot()
        batch = self.closed()
        self.work()
        one = batch.hand_over_ids
        self.assertEqual(one.state, "unknown")
        self.come_back(one.message_id)
        self.assertEqual((one.state, batch.state), ("failed", "closed"))
        self.assertFalse(batch.is_unknown)

    def test_what_went_again_and_came_back(self):
        """The receiver had it before: it stays handed over."""
        batch = self.sent()
        first = batch.hand_over_ids
        batch.action_hand_over_again("It was lost there.")
        self.work()
        second = batch.hand_over_ids - first
        self.come_back(first.message_id)
        self.assertEqual((first.state, batch.state), ("done", "handed_over"))
        self.come_back(second.message_id)
        self.assertEqual((second.state, batch.state), ("failed", "handed_over"))
        self.assertTrue(self.connection.activity_ids)

    def test_a_worker_has_the_batch_at_this_moment(self):
        """The gateway reads no mail twice: it is done in a transaction of its own."""
        batch = self.sent()
        one = batch.hand_over_ids
        model = self.registry["accountable.hand.over"]
        busy = patch.object(model, "_bounced", side_effect=psycopg2.OperationalError)
        with busy, patch.object(hand_over_mail, "_later") as later:
            self.come_back(one.message_id)
            self.env.cr.postcommit.run()
        [(_database, id_, message_id, bounce)] = [call.args for call in later.call_args_list]
        self.assertEqual(one.state, "done")
        with self.worker():
            hand_over_mail._later(self.env.cr.dbname, id_, message_id, bounce)
        self.env.invalidate_all()
        self.assertEqual((one.state, batch.state), ("failed", "closed"))

    def while_stored(self, meanwhile):
        """Somebody changes the same at the moment at which a worker stores that it was sent."""
        original, steps = HandOver._done, [meanwhile]

        def done(hand_over, names):
            if steps:
                connection = hand_over.connection
                connection.env.cr.rollback()
                steps.pop()(hand_over.row)
                connection._commit()
                raise psycopg2.errors.SerializationFailure
            return original(hand_over, names)

        batch = self.closed()
        waits = patch.object(engine, "SECONDS_TO_STORE", (0, 0))
        with patch.object(HandOver, "_done", done), waits:
            self.work()
        self.env.invalidate_all()
        self.assertEqual(len(self.server.sent), 1)
        return batch

    def test_who_presses_a_button_meanwhile_makes_nothing_unknown(self):
        batch = self.while_stored(lambda row: row.batch_id.action_hand_over())
        self.assertEqual((batch.state, batch.hand_over_ids.state), ("handed_over", "done"))

    def test_what_came_back_before_it_was_stored_failed(self):
        batch = self.while_stored(lambda row: row._bounced(row.message_id, WORDS))
        self.assertEqual((batch.state, batch.hand_over_ids.state), ("closed", "failed"))
        self.work()
        self.assertEqual(len(self.server.sent), 1)

    def test_what_goes_wrong_does_not_stop_the_gateway(self):
        """Odoo drops a mail that fails, with all that it did of it itself."""
        batch = self.sent()
        one = batch.hand_over_ids
        model = self.registry["accountable.hand.over"]
        broken = {"side_effect": ValueError}
        for fault in (
            patch.object(hand_over_mail, "read_bounce", **broken),
            patch.object(model, "_bounced", **broken),
        ):
            with fault, self.assertLogs(hand_over_mail.__name__, "ERROR"):
                self.come_back(one.message_id)
            self.assertEqual((one.state, batch.state), ("done", "handed_over"))
        with (
            patch.object(hand_over_mail, "retrying", **broken),
            self.worker(),
            self.assertLogs(hand_over_mail.__name__, "ERROR"),
        ):
            hand_over_mail._later(self.env.cr.dbname, one.id, one.message_id, None)

    def test_users_read_it_and_write_nothing(self):
        batch = self.sent()
        user = new_test_user(
            self.env,
            "reader of batches",
            "accountable_connect.group_user",
            company_id=self.company.id,
        )
        one = batch.hand_over_ids.with_user(user).sudo(False)
        self.assertEqual(one.message_ids.message_id, one.message_id)
        self.assertFalse(one.has_access("write"))

    # Limits

    def limited(self, hour, day=0):
        self.patch(
            self.registry["accountable.connection"], "_mail_limits", lambda _self: (hour, day)
        )

    def test_no_more_than_so_many_in_an_hour(self):
        self.limited(2)
        batches = self.closed(*(self.invoice() for _number in range(5))).sorted("number")
        self.work()
        self.assertEqual(len(self.server.sent), 2)
        self.assertEqual(set(batches[:2].mapped("state")), {"handed_over"})
        self.assertEqual(set(batches[2:].mapped("state")), {"closed"})
        self.assertTrue(self.connection.mails_wait_until)
        said = " ".join(alert["message"] for alert in batches[4].alerts.values())
        self.assertIn("only so many e-mails", said)
        self.assertNotIn(self.connection, self.connection._due_connections())
        self.work()
        self.assertEqual(len(self.server.sent), 2)
        for count in (4, 5):
            self.pass_hours()
            self.assertIn(self.connection, self.connection._due_connections())
            self.work()
            self.assertEqual(len(self.server.sent), count)
        order = [files for _letter, files in self.server.sent]
        self.assertEqual(order, [self.contents(batch) for batch in batches])

    def test_no_more_than_so_many_in_a_day(self):
        self.limited(2, day=3)
        batches = self.closed(*(self.invoice() for _number in range(4)))
        for count in (2, 3, 3):
            self.work()
            self.assertEqual(len(self.server.sent), count)
            self.pass_hours()
        self.pass_hours(timedelta(hours=23))
        self.work()
        self.assertEqual(set(batches.mapped("state")), {"handed_over"})

    def test_mails_of_another_connection_to_this_address_count(self):
        self.limited(1)
        self.sent()
        other = self.connection.sudo().create(
            {
                "sign_in_id": self.sign_in.id,
                "company_id": self.env["res.company"].create({"name": "Andere zaak"}).id,
                "administration_key": "B1",
                "channel": "mail",
                "mail_to": "uid80001@Kantoor.example",
            }
        )
        self.assertTrue(other._mails_wait())
        other.mail_to = "uid80009@Kantoor.example"
        self.assertFalse(other._mails_wait())

    def test_one_that_fails_stops_no_other_and_does_not_count(self):
        self.limited(1)
        batches = self.closed(self.invoice(), self.invoice()).sorted("number")
        self.env["accountable.batch.file"].search(
            [("batch_id", "=", batches[0].id)]
        )._attachment().raw = b"something else"
        self.env.flush_all()
        self.work()
        self.assertEqual(batches.mapped("state"), ["closed", "handed_over"])

    def test_those_that_wait_are_not_begun(self):
        """Looking whether one may go costs one question, however many wait."""
        self.limited(1)
        self.closed(*(self.invoice() for _number in range(4)))
        self.work()
        begun = self.server.calls.count("write")
        self.env["accountable.hand.over"].flush_model()
        self.connection.requested_by_id = self.env.uid
        self.work()
        self.assertEqual(self.server.calls.count("write"), begun)
        self.assertEqual(
            self.env["accountable.hand.over"].search_count(
                [("connection_id", "=", self.connection.id)]
            ),
            1,
        )

    def test_a_run_whose_time_is_over_begins_no_other(self):
        batches = self.closed(*(self.invoice() for _number in range(3)))
        with self.worker() as working:
            working._run(seconds=0)
        self.env.invalidate_all()
        self.assertFalse(self.server.calls)
        self.assertEqual(set(batches.mapped("state")), {"closed"})
        self.assertIn(self.connection, self.connection._due_connections())
