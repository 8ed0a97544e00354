"""A client with prepared answers, and the calls that tests make with it."""

import pytest
import responses
from odoo.addons.accountable_connect_exact.api.client import ExactClient

from .stand_ins import SECRET, SITE, Budget, Clock, Store, fresh_pair

API = f"{SITE}/api/v1"
ACCOUNTS = f"{API}/500001/crm/Accounts"
ENTRIES = f"{API}/500001/salesentry/SalesEntries"
TOKEN = f"{SITE}/api/oauth2/token"
GUID = "6d4f9cd0-0000-4000-8000-00000000000a"
KEYED = f"{ENTRIES}(guid'{GUID}')"


@pytest.fixture
def service():
    with responses.RequestsMock(assert_all_requests_are_fired=False) as service:
        yield service


@pytest.fixture
def client():
    client = make_client(SITE)
    yield client
    client.close()


def make_client(site, **options):
    clock = Clock()
    client = ExactClient(
        site=site,
        client_id="app-1",
        client_secret=SECRET,
        redirect_uri="https://odoo.example/return",
        tokens=Store(fresh_pair()),
        budget=Budget(),
        now=clock,
        **{"division": "500001", **options},
    )
    client.clock = clock
    return client


def accounts(client, **options):
    return list(client.get_list("crm/Accounts", select="ID", **options))


def post(client):
    return client.post("salesentry/SalesEntries", {"Journal": "70"}, values={"journal": "70"})


def put(client):
    return client.put("salesentry/SalesEntries", GUID, {"YourRef": "x"})


def delete(client):
    return client.delete("salesentry/SalesEntries", GUID)


WRITES = {"POST": (post, ENTRIES), "PUT": (put, KEYED), "DELETE": (delete, KEYED)}


def sent(service, method=None):
    return [call.request for call in service.calls if method in (None, call.request.method)]
