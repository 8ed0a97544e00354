"""The way to a package in the browser and back, in requests as a browser makes them.

What every package's consent has to stand; a package adds what is its own.
"""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

from odoo.addons.accountable_connect.api.contract import Administration
from odoo.addons.accountable_connect.api.errors import AuthorisationLostError, TemporaryError
from odoo.tests import new_test_user
from odoo.tools.misc import hash_sign

ADMINISTRATION = "500001"


class FakeClient:
    """What the consent needs of a client; every made one and every exchanged code is kept."""

    made = []
    codes = []
    error = None
    user = "An Boekhouder"
    authorise = "https://package.example/authorise"

    def __init__(self, **values):
        self.values = values
        self.made.append(self)

    def authorisation_address(self, state):
        return f"{self.authorise}?state={state}"

    def sign_in_with_code(self, code):
        if self.error:
            raise self.error
        self.codes.append(code)
        self.values["tokens"].save("oauth", {"access_token": "A-" + code, "refresh_token": "R"})

    def keep_signed_in(self):
        if self.error:
            raise self.error
        self.values["tokens"].save("oauth", {"refresh_token": "R2", "issued_at": "2999"})

    def close(self):
        pass


class FakePackage:
    """The package of the connection and of the sign-in."""

    administrations = [Administration(key=ADMINISTRATION, name="Vandersmissen")]

    def __init__(self, client, **_values):
        self.client = client

    def __enter__(self):
        return self

    def __exit__(self, *exception_details):
        self.client.close()

    def test_sign_in(self):
        if self.client.error:
            raise self.client.error

    def list_administrations(self):
        return self.administrations


class FakesMixin:
    """Nothing was asked of a ``FakeClient`` yet; it answers everything."""

    def setUp(self):
        super().setUp()
        for name, value in (("made", []), ("codes", []), ("error", None)):
            self.patch(FakeClient, name, value)
        self.patch(FakePackage, "administrations", FakePackage.administrations)


class ConsentMixin(FakesMixin):
    """For an ``HttpCase`` that makes ``sign_in`` of ``package``, its ``connection``, ``manager``
    ("keeper") and "reader", and lets ``FakeClient`` answer."""

    package = ""
    # Where the browser is sent, without what is asked there.
    authorise = FakeClient.authorise
    # What nobody may find on a page.
    secrets = ()
    # What the page says to who misses an administration.
    missing_hint = ""

    def setUp(self):
        super().setUp()
        self.addon = f"/accountable_connect_{self.package}"
        self.return_address = f"{self.addon}/return?"
        self.authenticate("keeper", "keeper")

    def start_address(self, sign_in_id):
        return f"{self.addon}/start/{sign_in_id}"

    def scope(self, purpose):
        """What a state is signed for."""
        return f"accountable_connect_{self.package}.{purpose}"

    def start(self, sign_in=None):
        """Press the button; the state that went to the package."""
        answer = self.url_open(
            self.start_address((sign_in or self.sign_in).id), allow_redirects=False
        )
        self.assertEqual(answer.status_code, 303)
        address = answer.headers["Location"]
        self.assertTrue(address.startswith(self.authorise + "?"), address)
        return parse_qs(urlsplit(address).query)["state"][0]

    def come_back(self, **values):
        return self.url_open(
            self.return_address + "&".join(f"{name}={v}" for name, v in values.items())
        )

    def forged(self, nonce, sign_in=None, user=None, life=timedelta(minutes=1)):
        """A state as Odoo signs it, with values of our own."""
        values = [(sign_in or self.sign_in).id, (user or self.manager).id, nonce]
        return hash_sign(self.env, self.scope("asked"), values, expiration=life)

    def stored_nonce(self):
        self.sign_in.invalidate_recordset()
        return self.sign_in.consent_nonce

    def assert_nothing_stored(self, answer, text):
        self.assertEqual(answer.status_code, 400)
        self.assertIn(text, answer.text)
        self.assertEqual(FakeClient.codes, [])
        self.sign_in.invalidate_recordset()
        self.assertFalse(self.sign_in.tokens)
        self.assertEqual(self.sign_in.state, "new")

    # The way through

    def test_signed_in(self):
        answer = self.come_back(code="c0de!", state=self.start())
        self.assertEqual(answer.status_code, 200)
        self.assertIn("as An Boekhouder", answer.text)
        self.assertIn("Vandersmissen", answer.text)
        self.assertNotIn("c0de", answer.url, "the code does not stay in the address")
        self.assertEqual(FakeClient.codes, ["c0de!"])
        self.sign_in.invalidate_recordset()
        self.assertEqual(self.sign_in.state, "valid")
        self.assertEqual(self.sign_in.signed_in_as, "An Boekhouder")
        self.assertEqual(self.sign_in.tokens["oauth"]["access_token"], "A-c0de!")
        self.assertEqual(self.sign_in.administration_ids.mapped("key"), ["500001"])
        self.assertFalse(self.sign_in.consent_nonce)
        for secret in ("A-c0de!", *self.secrets):
            self.assertNotIn(secret, answer.text)

    def test_odd_characters_in_what_comes_back(self):
        """Anybody can write such an address."""
        for code in ("a%00b", "a%0d%0ab", "%c3%a9"):
            answer = self.come_back(code=code, state=self.start())
            self.assertEqual(answer.status_code, 400, code)
            self.assertIn("sent no consent", answer.text)
        for state in ("%00", "a%00b", "%c3%a9"):
            self.assertEqual(self.come_back(code="c0de", state=state).status_code, 400)
        self.assertFalse(FakeClient.codes)
        self.assertEqual(self.url_open(self.start_address(10**30)).status_code, 404)

    def test_the_page_can_be_loaded_again(self):
        answer = self.come_back(code="c0de", state=self.start())
        again = self.url_open(answer.url)
        self.assertEqual(again.status_code, 200)
        self.assertIn("as An Boekhouder", again.text)
        self.assertEqual(FakeClient.codes, ["c0de"], "the code went once")

    def test_a_lost_connection_goes_on(self):
        self.connection.write({"state": "reconnect", "step": "done", "wait_reason": "lost"})
        self.sign_in.state = "lost"
        self.connection.activity_schedule(
            "mail.mail_activity_data_todo", summary="Sign in again", user_id=self.manager.id
        )
        self.come_back(code="c0de", state=self.start())
        self.connection.invalidate_recordset()
        self.assertEqual(self.connection.state, "connected")
        self.assertFalse(self.connection.wait_reason)
        self.assertFalse(self.connection.activity_ids)

    def test_the_set_up_goes_on(self):
        self.connection.administration_key = False
        answer = self.come_back(code="c0de", state=self.start())
        self.assertIn(f"/odoo/accountable.connection/{self.connection.id}", answer.text)
        self.connection.invalidate_recordset()
        self.assertEqual(self.connection.state, "connecting")

    def test_a_paused_connection_stays_paused(self):
        self.connection.write({"state": "paused", "step": "done"})
        self.come_back(code="c0de", state=self.start())
        self.connection.invalidate_recordset()
        self.assertEqual(self.connection.state, "paused")

    def test_an_administration_that_is_not_reached_is_told(self):
        FakePackage.administrations = [Administration(key="7", name="Another")]
        answer = self.come_back(code="c0de", state=self.start())
        self.assertEqual(answer.status_code, 200)
        self.assertIn("500001 of", answer.text)
        self.assertIn(self.missing_hint, answer.text)

    def test_connections_of_other_companies_go_on_unmentioned(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        other = self.env["accountable.connection"].create(
            {
                "sign_in_id": self.sign_in.id,
                "company_id": company.id,
                "administration_key": "500002",
                "state": "reconnect",
                "step": "done",
            }
        )
        answer = self.come_back(code="c0de", state=self.start())
        self.assertEqual(answer.status_code, 200)
        self.assertNotIn("Elsewhere", answer.text)
        FakePackage.administrations = [
            *FakePackage.administrations,
            Administration(key="500002", name="Second"),
        ]
        self.come_back(code="c0de", state=self.start())
        other.invalidate_recordset()
        self.assertEqual(other.state, "connected")

    def test_a_lost_session_comes_back(self):
        state = self.start()
        self.authenticate(None, None)
        answer = self.url_open(
            f"{self.return_address}code=c0de&state={state}", allow_redirects=False
        )
        self.assertEqual(answer.status_code, 303)
        address = urlsplit(answer.headers["Location"])
        self.assertEqual(address.path, "/web/login")
        self.assertEqual(
            parse_qs(address.query)["redirect"], [f"{self.return_address}code=c0de&state={state}"]
        )

    # What must not work

    def test_forged_states(self):
        state = self.start()
        for forged in ("", "x", "AQ", "€", state[:-3] + "AAA", "B" + state[1:], state * 2):
            with self.subTest(state=forged):
                answer = self.come_back(code="c0de", state=forged)
                self.assert_nothing_stored(answer, "does not belong to a question")
        self.assertTrue(self.stored_nonce(), "the true answer may still come")

    def test_state_for_another_purpose(self):
        state = self.start()
        answer = self.url_open(f"{self.addon}/signed_in?state={state}")
        self.assert_nothing_stored(answer, "does not belong to a question")

    def test_expired(self):
        self.start()
        old = self.forged(self.stored_nonce(), life=timedelta(seconds=-1))
        self.assert_nothing_stored(
            self.come_back(code="c0de", state=old), "does not belong to a question"
        )

    def test_used_twice(self):
        state = self.start()
        self.come_back(code="c0de", state=state)
        answer = self.come_back(code="other", state=state)
        self.assertEqual(answer.status_code, 400)
        self.assertIn("used already", answer.text)
        self.assertEqual(FakeClient.codes, ["c0de"])

    def test_asked_again(self):
        first = self.start()
        self.start()
        self.assert_nothing_stored(self.come_back(code="c0de", state=first), "used already")

    def test_another_user(self):
        state = self.start()
        new_test_user(self.env, "colleague", "base.group_user,accountable_connect.group_manager")
        self.authenticate("colleague", "colleague")
        self.assert_nothing_stored(self.come_back(code="c0de", state=state), "Another user")
        self.assertTrue(self.stored_nonce())

    def test_another_sign_in(self):
        self.start()
        other = self.sign_in.copy({"name": "Other"})
        state = self.forged(self.stored_nonce(), sign_in=other)
        self.assert_nothing_stored(self.come_back(code="c0de", state=state), "used already")
        other.invalidate_recordset()
        self.assertFalse(other.tokens)

    def test_sign_in_that_is_gone(self):
        other = self.sign_in.copy({"name": "Other"})
        state = self.forged("n", sign_in=other)
        other.unlink()
        self.assert_nothing_stored(self.come_back(code="c0de", state=state), "may not change")

    def test_manager_no_more(self):
        state = self.start()
        self.manager.group_ids -= self.env.ref("accountable_connect.group_manager")
        self.assert_nothing_stored(self.come_back(code="c0de", state=state), "may not change")

    def test_consent_refused(self):
        answer = self.come_back(error="access_denied", state=self.start())
        self.assert_nothing_stored(answer, "did not consent")
        self.assertFalse(self.stored_nonce())

    def test_no_code(self):
        self.assert_nothing_stored(self.come_back(state=self.start()), "sent no consent")

    def test_code_refused(self):
        state = self.start()
        FakeClient.error = AuthorisationLostError("code used", code="no_such_code")
        self.assert_nothing_stored(self.come_back(code="c0de", state=state), "Sign in again")

    def test_no_answer_after_the_exchange(self):
        """The tokens are there; reading who it is can be done again."""
        state = self.start()
        self.patch(FakePackage, "list_administrations", self._fail)
        answer = self.come_back(code="c0de", state=state)
        self.assertEqual(answer.status_code, 400)
        self.assertIn("cannot be reached", answer.text)
        self.sign_in.invalidate_recordset()
        self.assertTrue(self.sign_in.tokens)

    def _fail(self, *_arguments):
        raise TemporaryError("no connection")

    # One sign-in, two companies

    def share(self, **values):
        """Another company uses the sign-in, on which "An Boekhouder" consented before."""
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.come_back(code="first", state=self.start())
        return self.env["accountable.connection"].create(
            {
                "sign_in_id": self.sign_in.id,
                "company_id": company.id,
                "administration_key": "500002",
                "state": "connected",
                "step": "done",
                **values,
            }
        )

    def consent_as(self, name):
        self.patch(FakeClient, "user", name)
        answer = self.come_back(code="second", state=self.start())
        self.env.invalidate_all()
        return answer, self.sign_in.tokens["oauth"]["access_token"]

    def test_who_manages_one_of_them_consents_as_the_same_user_only(self):
        other = self.share()
        answer, token = self.consent_as("Piet Ander")
        self.assertEqual((answer.status_code, token), (403, "A-first"))
        self.assertIn("Other companies", answer.text)
        self.assertEqual(self.sign_in.signed_in_as, "An Boekhouder")
        answer, token = self.consent_as("An Boekhouder")
        self.assertEqual((answer.status_code, token), (200, "A-second"))
        self.assertEqual(other.state, "connected")

    def test_another_user_makes_connections_of_others_ask(self):
        other = self.share()
        FakePackage.administrations = [
            *FakePackage.administrations,
            Administration(key="500002", name="Second"),
        ]
        self.manager.company_ids += other.company_id
        self.connection.write({"state": "connected", "step": "done"})
        answer, token = self.consent_as("Piet Ander")
        self.assertEqual((answer.status_code, token), (200, "A-second"))
        self.assertEqual((self.connection.state, other.state), ("connected", "reconnect"))
        self.assertIn("Piet Ander", other.wait_reason)
        self.consent_as("Piet Ander")
        self.assertEqual(other.state, "reconnect", "a consent of somebody else is no answer")
        other.with_user(self.manager).action_reconnect()
        self.assertEqual(other.state, "connected")

    # Starting

    def test_only_a_manager_starts(self):
        self.authenticate("reader", "reader")
        answer = self.url_open(self.start_address(self.sign_in.id), allow_redirects=False)
        self.assertEqual(answer.status_code, 403)
        self.assertIn("Only a manager", answer.text)
        self.assertFalse(self.stored_nonce())
        self.assertEqual(FakeClient.made, [])

    def test_nobody_starts_without_logging_in(self):
        self.authenticate(None, None)
        answer = self.url_open(self.start_address(self.sign_in.id), allow_redirects=False)
        self.assertEqual(urlsplit(answer.headers["Location"]).path, "/web/login")

    def test_nothing_to_start(self):
        self.assertEqual(self.url_open(self.start_address(0)).status_code, 404)
        address = f"/accountable_connect_unknown/start/{self.sign_in.id}"
        self.assertEqual(self.url_open(address).status_code, 404)
        self.assertEqual(FakeClient.made, [])

    def test_sign_in_of_another_company(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        other = self.sign_in.copy({"name": "Other", "company_ids": company.ids})
        answer = self.url_open(self.start_address(other.id), allow_redirects=False)
        self.assertEqual(answer.status_code, 403)

    # Copies

    def test_a_copy_never_reaches_the_tokens(self):
        """Neither asking, nor an answer that was asked for before the copy, nor reading on."""
        state = self.start()
        signed_in = hash_sign(
            self.env,
            self.scope("signed_in"),
            [self.sign_in.id, self.manager.id, ""],
            expiration=timedelta(minutes=1),
        )
        self.sign_in.database_identity = "another database"
        self.env.flush_all()
        FakeClient.made.clear()
        for address in (
            self.start_address(self.sign_in.id),
            f"{self.return_address}code=c0de&state={state}",
            f"{self.addon}/signed_in?state={signed_in}",
        ):
            with self.subTest(address=address):
                self.assert_nothing_stored(self.url_open(address), "is a copy")
        self.assertEqual(FakeClient.made, [])

    def test_a_neutralised_database_asks_nothing(self):
        self.env["ir.config_parameter"].set_param("database.is_neutralized", True)
        self.assert_nothing_stored(
            self.url_open(self.start_address(self.sign_in.id)), "neutralised"
        )
        self.assertEqual(FakeClient.made, [])
