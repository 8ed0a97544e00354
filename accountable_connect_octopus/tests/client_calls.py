"""A client with prepared answers, and the calls that tests make with it."""

from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
import responses
from odoo.addons.accountable_connect_octopus.api import operations
from odoo.addons.accountable_connect_octopus.api.client import OctopusClient

BASE = "https://octopus.example/v1"
DOSSIER = f"{BASE}/dossiers/70123"
BOOKINGS = f"{DOSSIER}/buysellbookings"
NOON = datetime(2026, 3, 10, 11, 0, tzinfo=UTC)


class Tokens:
    def __init__(self):
        self.kept = {}

    def load(self, name):
        return self.kept.get(name)

    def save(self, name, values):
        self.kept[name] = values

    @contextmanager
    def lock(self, name):
        yield


class Budget:
    def __init__(self):
        self.calls = []

    def spend(self, operation, limit):
        self.calls.append((operation, limit))

    def spent(self, operation):
        return len([name for name, _limit in self.calls if name == operation])


@pytest.fixture
def service():
    with responses.RequestsMock(assert_all_requests_are_fired=False) as service:
        service.post(f"{BASE}/authentication", json={"token": "sign-in"})
        service.post(f"{BASE}/dossiers", json={"Dossiertoken": "dossier"})
        yield service


@pytest.fixture
def client():
    client = OctopusClient(
        address=BASE,
        software_house="uuid",
        user="U1",
        password="s3cret",
        tokens=Tokens(),
        budget=Budget(),
        dossier="70123",
        language="fr",
        now=lambda: client.moment,
    )
    client.moment = NOON
    yield client
    client.close()


def insert(client):
    return client.call(operations.INSERT_BOOKING, body={"buySellBookingServiceData": {}})


def read(client):
    return client.call(operations.VAT_CODES)


def sent(service, method, url):
    return [
        call.request
        for call in service.calls
        if call.request.method == method and call.request.url.split("?")[0] == url
    ]
