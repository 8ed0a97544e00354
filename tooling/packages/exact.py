"""Exact Online: an app, a person's consent in the browser, divisions, entries with a guid."""

from urllib.parse import parse_qs, urljoin, urlsplit

import requests
from lxml import html

from sandbox.exact import serve
from sandbox.exact.identity import CLIENT_ID, CLIENT_SECRET, PASSWORD, USER
from sandbox.exact.switches import NO_LIMITS
from tooling.books import exact_side
from tooling.demo.accountant import DATE, Accountant
from tooling.packages.control import TIMEOUT, Control
from tooling.packages.package import Aims, Package, SignIn

START = "/accountable_connect_exact/start"
RETURN = "/accountable_connect_exact/return"
OAUTH = "/api/oauth2/"
GENERAL = 90  # type of a ledger account
PAGES = 12  # of a consent, ways from one to the next included


class ExactAccountant(Accountant):
    """Keys are ``sale/<guid>`` and ``purchase/<guid>`` of entries."""

    administrations = "divisions"

    def files(self, key):
        return self._entry(key)["files"]

    def cost_centres(self, key):
        return {
            line["cost_centre"]: line["amount"]
            for line in self._entry(key)["lines"]
            if line["role"] == "base"
        }

    def has_worked(self):
        return any(term["matched_with"] for term in self.read("terms"))

    def open_items(self):
        keys = {entry["entry"]: exact_side.key_of(entry) for entry in self.read("entries")}
        return [keys[item["entry"]] for item in self.read("open-items") if item["entry"] in keys]

    def pay(self, keys, amount=None):
        values = {} if amount is None else {"amount": amount}
        self.act("pay", entries=[{"entry": guid(key)} for key in keys], date=DATE, **values)

    def set_off(self, invoice, credit):
        self.act("set-off", invoice=guid(invoice), credit=guid(credit))

    def doubtful(self, key, date):
        self.act("doubtful", entry=guid(key), date=date)

    def unmatch(self, key):
        self.act("unmatch", entry=guid(key))

    def recode(self, key, account):
        self.act("recode", entry=guid(key), line=1, account=account)

    def bring_in(self, count):
        customer = next(
            account["ID"] for account in self.read("accounts") if account.get("Status") == "C"
        )
        for number in range(count):
            self.act(
                "opening-item",
                account=customer,
                amount=100 + number,
                date="2026-01-01",
                reference=f"Beginbalans {number}",
            )
        return True

    def entries(self):
        return {
            exact_side.key_of(entry): ((entry["year"], entry["period"]), entry["boxes"])
            for entry in self.books()["entries"]
        }

    def enter_bill(self, party, reference, net, date, account):
        self.act(
            "book-by-hand",
            journal="60",
            account=party,
            reference=reference,
            amount=net,
            date=date,
            gl_account=account,
        )

    def close_months(self, year, months, closed=True):
        for month in months:
            self.act("period", year=year, period=month, closed=closed)

    def close_year(self, year, closed=True):
        self.act("period", year=year, closed=closed)

    def rename_vat_code(self, code):
        # three characters at most
        self.act("vat-code", code=code, Code=f"{code[:2]}N")

    def add_account(self, code, name):
        self.act("gl-account", code=code, description=name, type=GENERAL)

    def _entry(self, key):
        [entry] = [entry for entry in self.read("entries") if entry["entry"] == guid(key)]
        return entry


def guid(key: str) -> str:
    """The guid of an entry out of its key."""
    return key.partition("/")[2]


class Exact(Package):
    name = "exact"
    title = "Exact Online"
    administration = "500001"
    sandbox_options = ("--no-limits",)
    # Odoo calls a car from another Member State services.
    chosen_by_hand = {"IN-V83-277-ROW-CC": "E21"}
    without_tax = {"sale": "GV", "purchase": "GA"}
    sales_journal = "70"
    vat_codes = {"21": "21", "06": "6"}
    cost_centres = {"Verkoop": "SALES", "Atelier": "WORK"}
    accountant_class = ExactAccountant
    aims = Aims(
        invoice=1,
        invoice_with_pdf=3,
        pdf_afterwards=2,
        bill_with_file=3,
        party="crm/",
        look_ups=6,
        numbers=1,
        looked_up="some ask whether several bills are there already",
    )
    real_limits = {"rate_limits": True, "calls_per_minute": 60, "calls_per_day": 5000}

    def of_country(self, country):
        return DutchExact() if country == DutchExact.country else super().of_country(country)

    def serve(self, **switches):
        return serve(switches={**NO_LIMITS, **switches})

    def sign_in(self, root):
        return SignIn(
            self.name,
            {
                "exact_site": self.country,
                "exact_sandbox_address": root.rstrip("/"),
                "exact_client_id": CLIENT_ID,
            },
            {"exact_client_secret": CLIENT_SECRET},
            self.administration,
            self.without_tax,
        )

    def consent(self, session, sign_in, root):
        """The manager presses "Sign in", logs in at the sandbox and allows his divisions."""
        Control(root).post("app", redirect_uris=[f"{session.url}{RETURN}"])
        answer = walk_consent(session.http, f"{session.url}{START}/{sign_in}")
        if not answer.ok:
            words = " ".join(html.fromstring(answer.text).text_content().split())
            raise RuntimeError(f"{urlsplit(answer.url).path}: {words}")

    def let_in(self, record, root):
        """Without Odoo's own pages, which the user's browser cannot reach here."""
        browser = requests.Session()
        browser.trust_env = False
        client = record._open_client()
        try:
            back = walk_consent(browser, client.authorisation_address("sandbox"), until=RETURN)
            [code] = parse_qs(urlsplit(back.headers["Location"]).query)["code"]
            client.sign_in_with_code(code)
        finally:
            client.close()
        # a transaction that sees the tokens, as the browser's next request is one
        with record.env.registry.cursor() as cr:
            record.with_env(record.env(cr=cr))._read_consent()

    def lift_limits(self, control):
        control.post("switches", **NO_LIMITS)

    def use_clock(self, now):
        from odoo.addons.accountable_connect.api.http.json_client import JsonClient

        defaults = JsonClient.__init__.__kwdefaults__
        if "now" not in defaults:
            raise RuntimeError("The client takes its clock from elsewhere")
        defaults["now"] = now

    def bookings(self, books):
        return exact_side.bookings(books, self.country)

    def amounts(self, books):
        return exact_side.amounts(books)

    def contents(self, books):
        matched = {term["matched_with"] for term in books["terms"] if term["matched_with"]}
        return (
            f"{len(books['entries'])} entries, {len(books['attachments'])} files, "
            f"{len(books['accounts'])} accounts, {len(matched)} matches"
        )

    def books_page(self, root):
        return f"{root.rstrip('/')}/divisions/{self.administration}"


def walk_consent(browser: requests.Session, address: str, until: str = "") -> requests.Response:
    """Open an address and fill in the sandbox's forms, as a person does who allows everything.

    Returns the last page; with ``until`` the answer that leads to this path, which is not opened.
    """
    answer = browser.get(address, timeout=TIMEOUT, allow_redirects=False)
    for _page in range(PAGES):
        if answer.is_redirect:
            target = urljoin(answer.url, answer.headers["Location"])
            if until and urlsplit(target).path == until:
                return answer
            answer = browser.get(target, timeout=TIMEOUT, allow_redirects=False)
            continue
        if not answer.ok or not urlsplit(answer.url).path.startswith(OAUTH):
            return answer
        [form] = html.fromstring(answer.text).forms
        logging_in = "user" in form.fields
        if logging_in:
            form.fields.update(user=USER, password=PASSWORD)
        answer = browser.post(
            urljoin(answer.url, form.action),
            timeout=TIMEOUT,
            allow_redirects=False,
            data=[*form.form_values(), ("action", "login" if logging_in else "allow")],
        )
    raise RuntimeError(f"The consent does not end: {answer.url}")


class DutchExact(Exact):
    """A Dutch company and its division."""

    country = "NL"
    administration = "600001"
    without_tax = {"sale": "GV", "purchase": "GK"}
    chosen_by_hand = {}


PACKAGE = Exact()
