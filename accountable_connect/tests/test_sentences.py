"""What is stored of a failure is data: each person reads it in their own language."""

from ..documents.sentence import SentencesOf
from .common import ConnectionCase

_lt = SentencesOf("odoo.addons.accountable_connect.tests.test_sentences")


class TestSentences(ConnectionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for code in ("nl_BE", "fr_BE"):
            cls.env["res.lang"]._activate_lang(code)

    def job_with(self, message):
        self.invoice(100.0)
        job = self.env["accountable.job"].sudo().search([], order="id desc", limit=1)
        job.write({"state": "failed", "message": message})
        job.flush_recordset()
        job.invalidate_recordset()
        return job

    def read_in(self, job, name="message", tz="UTC"):
        return [job.with_context(lang=lang, tz=tz)[name] for lang in ("en_US", "nl_BE", "fr_BE")]

    def test_one_item_three_languages(self):
        job = self.job_with(_lt("The accounting package refuses this data."))
        english, dutch, french = self.read_in(job)
        print(english, dutch, french, job.message.data)
        self.assertEqual(english, "The accounting package refuses this data.")
        self.assertEqual(len({english, dutch, french}), 3)
        jobs = self.env["accountable.job"].with_context(lang="nl_BE")
        for domain in ([("message", "ilike", dutch[3:15].upper())], [("message", "=", dutch)]):
            self.assertIn(job, jobs.search(domain))
            self.assertNotIn(job, jobs.with_context(lang="en_US").search(domain))
        self.assertNotIn(job, jobs.search([("message", "not ilike", dutch[3:15])]))
        self.assertNotIn(job, jobs.search([("message", "=", False)]))
        self.assertIn(job, jobs.search([("message", "!=", False)]))
        groups = jobs.formatted_read_group([("id", "=", job.id)], ["message"], ["__count"])
        print(groups)
        self.assertEqual(groups[0]["message"], dutch)
        self.assertIn(job, jobs.search(groups[0]["__extra_domain"]))
        print(job.read(["message"]), type(job.read(["message"])[0]["message"]))
        print(job.copy_data()[0].get("message"))
        job.message = job.with_context(lang="nl_BE").message
        self.assertEqual(job.message, english)
        print(job.web_read({"message": {}}))
