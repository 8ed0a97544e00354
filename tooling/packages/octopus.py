"""Octopus: a user with a password, a dossier, relations, bookings by book year and journal."""

from sandbox.octopus import serve
from sandbox.octopus.seed import PASSWORD, SOFTWARE_HOUSE, USER
from sandbox.octopus.service import BASE
from tooling.books import octopus_side
from tooling.demo.accountant import DATE, Accountant
from tooling.packages.package import Aims, Package, SignIn

BOOK_YEARS = {2025: 8, 2026: 9}  # year → id


class OctopusAccountant(Accountant):
    """Keys are ``book year/journal/number`` (``9/V1/3``)."""

    administrations = "dossiers"

    def files(self, key):
        wanted = named(key)
        return [
            row
            for row in self.read("attachments")
            if all(row[name] == wanted[name] for name in wanted)
        ]

    def cost_centres(self, key):
        wanted = named(key)
        [booking] = [
            booking
            for booking in self.books()["bookings"]
            if all(booking[name] == wanted[name] for name in wanted)
        ]
        return {
            line["costCentreId"]: line["amount"]
            for line in booking["entry"]
            if line["role"] == "base"
        }

    def has_worked(self):
        return bool(self.read("matches"))

    def open_items(self):
        return [
            f"{item['bookyearKey']['id']}/{item['journalKey']}/{item['documentSequenceNr']}"
            for item in self.read("open-items")
        ]

    def pay(self, keys, amount=None):
        values = {} if amount is None else {"amount": amount}
        self.act("pay", invoices=[named(key) for key in keys], date=DATE, **values)

    def set_off(self, invoice, credit):
        self.act("set-off", invoice=named(invoice), credit=named(credit))

    def doubtful(self, key, date):
        self.act("doubtful", invoice=named(key), date=date)

    def unmatch(self, key):
        self.act("unmatch", document=named(key))

    def rename_vat_code(self, code):
        self.act("vat-code", code=code, rename=f"{code}N")

    def add_account(self, code, name):
        self.act("account", number=int(code), name=name)

    def recode(self, key, account):
        self.act("recode", **named(key), line=1, accountKey=int(account))

    def entries(self):
        return {
            f"{row['bookyearId']}/{row['journalKey']}/{row['documentSequenceNr']}": (
                divmod(row["period"], 100),
                row["boxes"],
            )
            for row in self.books()["bookings"]
        }

    def enter_bill(self, party, reference, net, date, account):
        self.act(
            "book-by-hand",
            journalKey="A1",
            relationId=int(party),
            reference=reference,
            amount=round(net * 1.21, 2),
            date=date,
            accountKey=int(account),
            vatCodeKey="D21",
        )

    def close_months(self, year, months, closed=True):
        protected = year * 100 + months[-1] if closed else 0
        self.act("period", bookyearId=BOOK_YEARS[year], protected=protected)

    def close_year(self, year, closed=True):
        self.act("book-year", bookyearId=BOOK_YEARS[year], closed=closed)

    def renumber(self, key, number):
        self.act("renumber", **named(key), number=number)
        return f"{key.rpartition('/')[0]}/{number}"


def named(key: str) -> dict:
    """How the control endpoint names a booking."""
    book_year, journal, number = key.split("/")
    return {"bookyearId": int(book_year), "journalKey": journal, "documentSequenceNr": int(number)}


class Octopus(Package):
    name = "octopus"
    title = "Octopus"
    administration = "70123"
    # Odoo calls a car from another Member State services, and the words of a code for sundry goods
    # name services too.
    chosen_by_hand = {"IN-V83-277-ROW-CC": "IE21", "IN-V82-21-EU-G-D50": "DE21"}
    sales_journal = "V1"
    vat_codes = {"21": "21", "06": "06"}
    cost_centres = {"Verkoop": 1, "Atelier": 2}
    accountant_class = OctopusAccountant
    aims = Aims(
        invoice=1,
        invoice_with_pdf=1,
        pdf_afterwards=1,
        bill_with_file=1,
        party="elation",
        look_ups=1,
        looked_up="the list of bills that are there already is one call a run",
        throughput=20,
    )

    def serve(self, **switches):
        return serve(switches={"daily_limits": False, **switches})

    def address(self, root):
        """``root`` may be the address of the service, too."""
        return root if root.endswith(BASE) else root.rstrip("/") + BASE

    def sign_in(self, root):
        return SignIn(
            self.name,
            {"octopus_url": self.address(root), "octopus_user": USER},
            {"octopus_password": PASSWORD, "octopus_software_house_uuid": SOFTWARE_HOUSE},
            self.administration,
        )

    def lift_limits(self, control):
        control.post("switches", daily_limits=False)

    def bookings(self, books):
        return octopus_side.bookings(books)

    def amounts(self, books):
        return octopus_side.amounts(books)

    def contents(self, books):
        return (
            f"{len(books['bookings'])} bookings, {len(books['attachments'])} files, "
            f"{len(books['relations'])} relations, {len(books['matches'])} matches"
        )


PACKAGE = Octopus()
