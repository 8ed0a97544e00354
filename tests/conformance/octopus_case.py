"""Octopus for the conformance suite, on its sandbox."""

from datetime import date
from decimal import Decimal

from odoo.addons.accountable_connect.documents import Party
from odoo.addons.accountable_connect_octopus.api.client import OctopusClient
from odoo.addons.accountable_connect_octopus.api.package import OctopusPackage

from sandbox.octopus import accountant, serve

from . import case
from .sandbox_case import SandboxCase

DOSSIER = 70123
BOOK_YEAR = 9
OPERATIONS = {
    case.SIGN_IN: "authenticateUser",
    case.CREATE_DOCUMENT: "insertBuySellBooking",
    case.UPDATE_DOCUMENT: "updateBuySellBooking",
    case.ATTACH_FILE: "addAttachementToBooking",
    case.SAVE_PARTY: "insertUpdateRelation",
    case.FIND_PARTY: "getRelations",
    case.READ_DOCUMENTS: "getModifiedBuySellBookings",
    case.READ_SETTLEMENTS: "getModifiedBalancingRelations",
    case.READ_MASTER_DATA: "getVatCodes",
}


class OctopusCase(SandboxCase):
    name = "octopus"
    administration = DOSSIER
    operations = OPERATIONS
    limit = {"kind": "status", "status": 429}
    year = 2026
    unknown_party = "987654"
    holds_registry_numbers = False
    codes = case.Codes(
        sale_journal="V1",
        other_sale_journal="V2",
        purchase_journal="A1",
        sale={21: "21", 12: "12", 6: "06", 0: "00"},
        sale_co_contractor="MC",
        sale_intra_goods="CM",
        sale_intra_services="ICD",
        sale_export="EX",
        purchase={21: "D21", 12: "D12", 6: "D06", 0: "D00"},
        goods={21: "H21", 12: "H12", 6: "H06"},
        investment={21: "I21"},
        purchase_co_contractor="DMC21",
        purchase_intra_goods="HE21",
        purchase_intra_services="DED21",
        purchase_import="HV21",
        revenue="700000",
        other_revenue="700100",
        discount="708000",
        cost="616200",
        goods_account="604000",
        asset_account="240000",
        advance_account="240000",
        car_cost="610220",
        private_account="416000",
        cost_centre="2",
        customers="400000",
        suppliers="440000",
        vat_accounts=("411", "451"),
    )

    def serve(self):
        return serve(switches=self.switches)

    def open(self, *, password=None, reachable=True):
        client = OctopusClient(
            address=self.server.url if reachable else "http://127.0.0.1:9/octopus-rest-api/v1",
            software_house="00000000-1111-2222-3333-444444444444",
            user="U99999999",
            password=password or "secret",
            tokens=self.tokens,
            budget=self.budget,
            dossier=str(DOSSIER),
            language="nl",
            timeout=10.0,
            now=self.service.clock.now,
        )
        return OctopusPackage(client)

    # The books

    def _bookings(self):
        return {
            f"{row['bookyearId']}/{row['journalKey']}/{row['documentSequenceNr']}": row
            for row in self.server.bookings(DOSSIER)
        }

    @staticmethod
    def _place(key):
        book_year, journal, number = key.split("/")[:3]
        return {
            "bookyearId": int(book_year),
            "journalKey": journal,
            "documentSequenceNr": int(number),
        }

    def lines(self, key):
        return [
            {**line, "account": str(line["account"]), "document_amount": line["documentAmount"]}
            for line in self._bookings()[key]["entry"]
        ]

    def boxes(self, key):
        return {box: Decimal(amount) for box, amount in self._bookings()[key]["boxes"].items()}

    def keys(self):
        return sorted(key for key, row in self._bookings().items() if row["journalKey"][0] in "VA")

    def files(self, key):
        return [(row["name"], row["sha256"]) for row in self._bookings()[key]["attachments"]]

    def cost_centres(self, key):
        return {str(line["costCentreId"]) for line in self.lines(key) if line["costCentreId"]}

    def party_of(self, key):
        return str(self._bookings()[key]["relationId"])

    def parties(self):
        result = {}
        for row in self.server.books(DOSSIER)["relations"]:
            identification = row["relationIdentificationServiceData"]
            result[str(identification["relationKey"]["id"])] = Party(
                external_number=identification["externalRelationId"],
                name=row["name"],
                is_company=row["corporationType"] != 0,
                customer=row["client"],
                supplier=row["supplier"],
                vat_number=row.get("vatNr", "").replace(".", "").replace(" ", ""),
                street=row.get("streetAndNr", ""),
                city=row.get("city", ""),
                country=row["country"].strip(),
            )
        return result

    def bank_accounts(self, party_key):
        for row in self.server.books(DOSSIER)["relations"]:
            if str(row["relationIdentificationServiceData"]["relationKey"]["id"]) == party_key:
                return [row["ibanAccountNr"]] if row.get("ibanAccountNr") else []
        return []

    # What people do in the application

    def pay(self, *keys, amount=None, parts=()):
        invoices = [self._place(key) for key in keys]
        for invoice, part in zip(invoices, parts, strict=False):
            invoice["amount"] = part
        key = self.act("pay", invoices=invoices, amount=amount, date=f"{self.year}-04-15")
        return f"{key['bookyearId']}/{key['journalKey']}/{key['documentSequenceNr']}"

    def set_off(self, invoice, credit_note):
        self.act("set-off", invoice=self._place(invoice), credit=self._place(credit_note))

    def move_to_doubtful(self, key):
        self.act("doubtful", invoice=self._place(key), date=f"{self.year}-05-04")

    def write_off(self, key, amount):
        place = self._place(key)
        self.act(
            "transfer", invoice=place, account=657100, amount=amount, date=f"{self.year}-05-04"
        )

    def unmatch(self, key):
        assert self.act("unmatch", document=self._place(key))["removed"]

    def recode(self, key, account):
        self.act("recode", **self._place(key), line=1, accountKey=int(account))

    def renumber(self, key):
        self.act("renumber", **self._place(key), number=900)

    def delete(self, key):
        self.act("delete-booking", **self._place(key))

    def book_by_hand(self, journal, party_key, total, day, reference=""):
        place = self.act(
            "book-by-hand",
            journalKey=journal,
            relationId=int(party_key),
            amount=total,
            date=day.isoformat(),
            reference=reference or None,
            vatCodeKey="21" if journal.startswith("V") else "D21",
        )
        return f"{place['bookyearId']}/{place['journalKey']}/{place['documentSequenceNr']}"

    def opening_item(self, party_key, amount):
        self.act(
            "opening-item",
            relationId=int(party_key),
            amount=amount,
            reference="F2025/812",
            date=f"{self.year}-01-01",
        )

    def close_period(self, day: date):
        self.act("period", bookyearId=BOOK_YEAR, protected=day.year * 100 + day.month)

    def open_journal_elsewhere(self, journal, is_open):
        self.act("journal", journalKey=journal, open_by="Els" if is_open else "")

    def switch_interface_off(self):
        self.service.authentication.change_user("U99999999", webservice=False)

    def disable_administration(self):
        accountant.change_dossier(self.service.books(DOSSIER), disabled=True)

    def empty_chart(self):
        self.act("empty-chart")

    def rename_party(self, key, name):
        self.act("relation", relationId=int(key), name=name)

    def retype_party(self, key, **values):
        names = {"name": "name", "vat_number": "vatNr", "country": "country"}
        typed = {names[name]: value for name, value in values.items() if name in names}
        if "country" in typed:
            typed["country"] = typed["country"] or "  "
        self.act("relation", relationId=int(key), externalRelationId=0, **typed)

    # Misbehaviour

    def expire_tokens(self):
        self.service.authentication.expire_all()

    def failed_sign_ins(self):
        users = self.service.authentication.users()
        return sum(users["U99999999"]["failed"].values())

    def writes(self):
        return self.server.calls().get("insertBuySellBooking", 0)


class OctopusOtherwiseCase(OctopusCase):
    """Where the vendor's documents are silent, the service may as well answer like this."""

    name = "octopus_otherwise"
    switches = {
        "relation_update": "replace",
        "relation_name_match": "part",
        "relation_role": "matching",
        "format_vat_numbers": False,
        "unknown_fields": "refuse",
        "supplier_open_sign": "negative",
        "divers_sign": "credit",
        "time_zone": "UTC",
    }
