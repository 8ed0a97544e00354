"""What is stored of a failure is data: each person reads it in their own language."""

import xmlrpc.client
from datetime import date, datetime
from decimal import Decimal
from unittest.mock import patch

from odoo.addons.accountable_connect.api import errors
from odoo.tools import LazyTranslate
from odoo.tools.translate import code_translations

from ..documents.sentence import Amount, Month, Quoted, Sentence, SentencesOf, joined
from ..models.problem import problem_of
from ..models.sentence import in_language, written_for
from .common import ConnectionCase
from .earlier_version import migrate

# Another name than _lt: what the tests say is translated by nobody.
say = SentencesOf("odoo.addons.accountable_connect.tests.test_sentences")
LANGUAGES = ("en_US", "nl_BE", "fr_BE")
REFUSED = (
    "The accounting package refuses this data.",
    "Het boekhoudpakket weigert deze gegevens.",
    "Le logiciel comptable refuse ces données.",
)
NO_CONNECTION = (
    "The accounting package cannot be reached at the moment.",
    "Het boekhoudpakket is momenteel niet bereikbaar.",
    "Le logiciel comptable n'est pas joignable pour le moment.",
)


class TestSentences(ConnectionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for code in LANGUAGES[1:]:
            cls.env["res.lang"]._activate_lang(code)
        cls.users = [
            cls.env["res.users"].create(
                {
                    "name": code,
                    "login": f"sentences {code}",
                    "lang": code,
                    "tz": "Europe/Brussels",
                    "company_id": cls.company.id,
                    "company_ids": cls.company.ids,
                    "group_ids": [(4, cls.env.ref("accountable_connect.group_manager").id)],
                }
            )
            for code in LANGUAGES
        ]

    def read_by_each(self, record, name):
        """What each of the three reads in a field, in the context of their web client."""
        record.flush_recordset()
        record.invalidate_recordset()
        return tuple(
            record.with_user(user).with_context(lang=user.lang, tz=user.tz).read([name])[0][name]
            for user in self.users
        )

    def failed(self, message):
        move = self.invoice()
        job = self.jobs(move).sudo()
        job.write({"state": "failed", "message": message})
        return job

    def message(self, text):
        """What each of the three reads in an item."""
        return self.read_by_each(self.failed(text), "message")

    # Each thing that is stored

    def test_an_item_that_a_worker_stored(self):
        self.books.fail("create_document", errors.DataRefusedError("no"))
        move = self.invoice()
        self.work()
        job = self.jobs(move)
        self.assertEqual(job.state, "failed")
        self.assertEqual(self.read_by_each(job, "message"), REFUSED)
        self.assertEqual(self.read_by_each(move, "accountable_error"), REFUSED)
        self.assertFalse(self.env["accountable.job"].with_context(lang=None).message)
        self.assertEqual(job.with_context(lang=None).message, REFUSED[0])

    def test_a_row_of_the_mapping_that_is_missing(self):
        self.connection.sudo().mapping_ids.filtered(lambda row: row.kind == "account").unlink()
        move = self.invoice()
        account = move.invoice_line_ids.account_id
        for lang, name in (("en_US", "Sales"), ("nl_BE", "Verkopen"), ("fr_BE", "Ventes")):
            account.with_context(lang=lang).name = name
        self.work()
        english, dutch, french = self.read_by_each(self.jobs(move), "message")
        # the account is called by the name each of them knows
        self.assertEqual(english, "Account 700000 Sales has no counterpart in the administration.")
        self.assertEqual(dutch, "Rekening 700000 Verkopen heeft geen tegenhanger in het dossier.")
        self.assertEqual(french, "Compte 700000 Ventes n'a pas d'équivalent dans le dossier.")

    def test_the_check_of_a_document(self):
        """In the language of whoever presses the button."""
        self.connection.sudo().send_sales = False
        move = self.invoice()
        sentences = []
        for user in self.users:
            connection = self.connection.with_user(user).with_context(lang=user.lang, tz=user.tz)
            [problem] = connection._precheck(move)[move.id]
            sentences.append(problem.message)
        self.assertEqual(
            sentences[0], "The connection does not send documents of this kind.", sentences
        )
        self.assertEqual(len(set(sentences)), 3)
        # and where only what blocks is asked for, as in the preview of the set-up
        checks = connection.env["accountable.precheck"]
        [problem] = checks._build_and_check(connection, move, only_blocking=True)[move.id][1]
        self.assertEqual(problem.message, sentences[2])
        self.connection.sudo().send_sales = True
        [stored] = {self.failed(sentence).message for sentence in sentences}
        self.assertEqual(stored, sentences[0])

    def test_the_problem_of_an_addon_may_be_a_plain_text(self):
        problem = problem_of(self.connection, "data_refused", "x", "Nog niet goedgekeurd, 5 %")
        self.assertEqual(self.message(problem.message), ("Nog niet goedgekeurd, 5 %",) * 3)

    def test_a_connection_and_a_run(self):
        self.books.fail("fetch_master_data", errors.TemporaryError("down"))
        self.connection.action_refresh_master_data()
        self.assertEqual(self.read_by_each(self.connection, "problem"), NO_CONNECTION)
        shown = self.read_by_each(self.connection, "problem_sentence")
        self.assertEqual(shown, NO_CONNECTION)
        run = self.env["accountable.run"].sudo()._begin(self.connection.sudo(), False)
        run._end(None, 0, self.connection._wait_a_while(self.connection.sudo().problem))
        self.assertEqual(self.read_by_each(run, "message"), NO_CONNECTION)
        for sentence, whole in zip(
            NO_CONNECTION, self.read_by_each(self.connection, "wait_sentence"), strict=True
        ):
            self.assertTrue(whole.endswith(sentence), whole)

    def test_the_reason_of_a_proposal(self):
        row = self.connection.sudo().mapping_ids.filtered(
            lambda row: row.account_id.account_type == "income"
        )[:1]
        self.master_item("ledger_account", "700999")
        row.account_id.write({"code": "700999", "name": "700999"})
        row.write({"state": "proposed", "master_data_id": False})
        self.connection.sudo().action_propose_mappings()
        self.assertEqual(
            self.read_by_each(row, "reason"),
            ("Same code 700999", "Zelfde code 700999", "Même code 700999"),
        )

    def test_a_file_that_is_refused(self):
        self.books.refuses_files = True
        self.books.fail("attach_file", errors.DataRefusedError("no"))
        bill = self.invoice(move_type="in_invoice", ref="F-1", post=False)
        self.attach(bill, "100%.pdf")
        self.attach(bill, "empty.pdf", b"")
        bill.action_post()
        self.work()
        [job] = self.jobs(bill, "file")
        empty = (
            "File empty.pdf is empty and is not sent.",
            "Bestand empty.pdf is leeg en wordt niet verzonden.",
            "Le fichier empty.pdf est vide et n'est pas envoyé.",
        )
        expected = tuple(
            f"{note} 100%.pdf: {refused}" for note, refused in zip(empty, REFUSED, strict=True)
        )
        self.assertEqual(self.read_by_each(job, "message"), expected)
        self.attach(bill, "other.pdf")
        self.books.refuses_files = False
        self.work()
        # the reason of before, read out of what is kept of the file
        self.assertEqual(self.read_by_each(self.jobs(bill, "file")[-1], "message"), expected)

    def test_what_is_written_once_is_in_the_language_of_its_receiver(self):
        self.company.partner_id.lang = "fr_BE"
        text = say("The accounting package refuses this data.")
        self.assertEqual(written_for(self.company.partner_id, text), REFUSED[2])
        managers = [*self.users[1:], self.users[0]]
        self.connection.sudo()._ask_managers(say("Sign in again"), text)
        self.connection.sudo()._ask_managers(say("Sign in again"), text)
        activities = self.connection.sudo().activity_ids
        for user in managers:
            [activity] = activities.filtered(lambda one, user=user: one.user_id == user)
            self.assertIn(REFUSED[LANGUAGES.index(user.lang)], activity.note)
        self.assertEqual(len(set(activities.mapped("summary"))), 3)

    # Values

    def test_values_in_the_words_of_the_reader(self):
        sentence = say(
            "The accounting date %(date)s is before the start date %(start)s of the connection.",
            date=date(2026, 3, 10),
            start=Month(2026, 11),
        )
        english, dutch, french = self.message(sentence)
        self.assertIn("03/10/2026", english)
        self.assertIn("November 2026", english)
        self.assertIn("10/03/2026", dutch)
        self.assertIn("startdatum november 2026 van", dutch)
        self.assertIn("novembre 2026", french)
        sentence = say(
            "%(document)s holds %(amount)s of tax %(tax)s, but no line has that tax.",
            document="INV/1",
            amount=Amount(Decimal("1234.50"), "EUR"),
            tax=Decimal("20.5"),
        )
        english, dutch, french = (
            text.replace("\u202f", " ").replace("\xa0", " ") for text in self.message(sentence)
        )
        self.assertIn("1,234.50", english)
        self.assertIn("20.5", english)
        self.assertIn("1.234,50", dutch)
        self.assertIn("€", dutch)
        self.assertIn("20,5", dutch)
        self.assertIn("contient", french)

    def test_a_moment_is_the_time_where_the_reader_is(self):
        moment = datetime(2026, 7, 1, 10, 30)
        job = self.failed(say("Look at %(time)s", time=moment))
        with patch("odoo.fields.Datetime.now", return_value=datetime(2026, 7, 1, 9)):
            self.assertEqual(job.with_context(tz="Europe/Brussels").message, "Look at 12:30")
            self.assertEqual(job.with_context(tz="America/New_York").message, "Look at 06:30")
        with patch("odoo.fields.Datetime.now", return_value=datetime(2026, 7, 3, 9)):
            english = job.with_context(tz="Europe/Brussels").message
        self.assertRegex(english, r"7/1/26|Jul 1|07/01")

    def test_a_term_that_is_not_translated_reads_english(self):
        self.assertEqual(
            self.message(say("Nobody knows %(one)s.", one=1)), ("Nobody knows 1.",) * 3
        )

    def test_what_only_the_package_says_is_quoted(self):
        text = self.message(say("It says: %(detail)s", detail=Quoted("Dagboek is <b>dicht</b> %s")))
        self.assertEqual(text[0], "It says: “Dagboek is <b>dicht</b> %s”")

    def test_hostile_values(self):
        for value in ("100 %", "%(other)s", "%s", "<script>alert(1)</script>", "{}", "é\n", "%"):
            sentence = say("Account %(name)s", name=value)
            self.assertEqual(self.message(sentence)[1], f"Rekening {value}")
            self.assertEqual(self.message(joined(value, sentence))[0], f"{value} Account {value}")

    def test_data_that_is_broken_still_reads(self):
        job = self.failed("x")
        for data in (
            {"source": "Account %(name)s"},
            {"module": "no such addon", "source": "A %(name)s", "values": {}},
            {"module": 5, "source": "A %(name)d", "values": {"name": "x"}},
            {"module": "accountable_connect", "source": "A %", "values": {"name": "x"}},
            {"source": "A %(day)s", "values": {"day": {"day": "yesterday"}}},
            {"day": 5},
            {"label": ["no.model", "x", "y"]},
            {"unknown": "x"},
            {"source": 5, "values": []},
            ["list"],
        ):
            job.message = data
            for lang in LANGUAGES:
                self.assertIsInstance(job.with_context(lang=lang).message, str, data)

    def test_a_translation_with_other_placeholders(self):
        """Odoo's own reading falls back to English, and so does ours."""
        wrong = {"Account %(name)s": "Rekening %(number)d %"}
        with patch.object(code_translations, "get_python_translations", return_value=wrong):
            self.assertEqual(self.message(say("Account %(name)s", name="7"))[1], "Account 7")

    def test_a_lazy_text_of_odoo(self):
        lazy = LazyTranslate("odoo.addons.accountable_connect.x")
        job = self.failed(lazy("Account %(name)s", name="700000"))
        self.assertEqual(job.with_context(lang="fr_BE").message, "Compte 700000")

    # Writing, searching, grouping

    def test_what_was_read_is_still_data(self):
        job = self.failed(say("Account %(name)s", name="700000"))
        other = self.failed(job.with_context(lang="nl_BE").message)
        self.assertEqual(self.read_by_each(other, "message")[2], "Compte 700000")
        read = job.with_context(lang="nl_BE").message
        self.assertIsInstance(read, Sentence)
        self.assertEqual(in_language(self.env, read), "Account 700000")
        [values] = job.web_read({"message": {}})
        self.assertIs(type(values["message"]), str)
        self.assertEqual(job.export_data(["message"])["datas"], [["Account 700000"]])

    def test_searched_as_it_is_read(self):
        job, other = self.failed(say("Account %(name)s", name="700000")), self.failed("Iets anders")
        empty = self.jobs(self.invoice())
        both = job | other | empty
        jobs = self.env["accountable.job"].with_context(lang="nl_BE")

        def found(*condition, lang="nl_BE"):
            domain = [("id", "in", both.ids), ("message", *condition)]
            found = jobs.with_context(lang=lang).search(domain, order="id")
            self.assertEqual(
                found, both.with_env(jobs.env).with_context(lang=lang).filtered_domain(domain)
            )
            return found

        self.assertEqual(found("ilike", "rekening 7000"), job)
        self.assertEqual(found("ilike", "rekening", lang="fr_BE"), jobs)
        self.assertEqual(found("ilike", "COMPTE", lang="fr_BE"), job)
        self.assertEqual(found("not ilike", "rekening"), other | empty)
        self.assertEqual(found("=", "Rekening 700000"), job)
        self.assertEqual(found("in", ["Rekening 700000", False]), job | empty)
        self.assertEqual(found("not in", ["Rekening 700000"]), other | empty)
        self.assertEqual(found("=", False), empty)
        self.assertEqual(found("!=", False), job | other)
        self.assertEqual(found("=ilike", "rek%0"), job)
        moves = self.env["account.move"].with_context(lang="fr_BE")
        found = moves.search([("accountable_error", "ilike", "compte 700000")])
        self.assertEqual(found.ids, [job.res_id])

    def test_searched_with_many_wildcards(self):
        """Tried in every order it would not end, and any user may search."""
        job = self.failed("a" * 2000)
        found = lambda operator, text: self.env["accountable.job"].search(  # noqa: E731
            [("id", "=", job.id), ("message", operator, text)]
        )
        self.assertFalse(found("ilike", "%a" * 20 + "b"))
        self.assertEqual(found("ilike", "%a" * 20), job)
        job.message = "100 % van rekening 700_000, a\\b"
        for operator, text, fits in (
            ("=like", "100%rekening%b", True),
            ("=like", "100%rekening", False),
            ("=like", "%rekening%rekening%", False),
            ("=like", "1__ %", True),
            ("like", "100 \\% van", True),
            ("like", "rekening\\_", False),
            ("like", "700\\_0", True),
            ("like", "%%", True),
            ("=ilike", "100 % VAN REKENING 700_000, A\\\\B", True),
        ):
            self.assertEqual(found(operator, text), job if fits else job.browse(), text)

    def test_grouped_as_it_is_read(self):
        jobs = self.failed(say("Account %(name)s", name="7")) | self.failed(
            say("Account %(name)s", name="7")
        )
        jobs.flush_recordset()
        jobs = jobs.with_context(lang="nl_BE")
        [group] = jobs.formatted_read_group([("id", "in", jobs.ids)], ["message"], ["__count"])
        self.assertEqual((group["message"], group["__count"]), ("Rekening 7", 2))
        self.assertEqual(jobs.search(group["__extra_domain"]), jobs)

    def test_a_program_reads_it_over_xml_rpc(self):
        job = self.failed(say("Account %(name)s", name="7"))
        answers = (
            job.read(["message"]),
            job.formatted_read_group([("id", "=", job.id)], ["message"], ["__count"])[0]["message"],
            job.connection_id._notify(job.message)["params"]["message"],
        )
        for answer in answers:
            self.assertIn("Account 7", xmlrpc.client.dumps((answer,)))

    def test_a_text_of_a_version_before(self):
        job = self.failed("Weigering, 5 %")
        job.flush_recordset()
        self.env.cr.execute(
            "ALTER TABLE accountable_job ALTER COLUMN message TYPE varchar USING message #>> '{}'"
        )
        self.env.cr.execute("UPDATE accountable_job SET message = '' WHERE id != %s", [job.id])
        for _again in range(2):
            migrate(self.env.cr, "19.0.1.5.0", "pre-sentences")
        job.invalidate_recordset()
        self.assertEqual(self.read_by_each(job, "message"), ("Weigering, 5 %",) * 3)
        self.env.cr.execute("SELECT count(*) FROM accountable_job WHERE message = '\"\"'")
        self.assertEqual(self.env.cr.fetchone(), (0,))
