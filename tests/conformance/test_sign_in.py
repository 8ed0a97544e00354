"""Signing in, and how tokens and wrong passwords are handled."""

import pytest
from odoo.addons.accountable_connect.api.errors import (
    AuthorisationLostError,
    ConfigurationMissingError,
    PackageError,
    TemporaryError,
)

from . import case as words

# About answers: it has no meaning where nothing answers.
pytestmark = pytest.mark.live


def test_right_credentials(package):
    package.test_sign_in()


def test_wrong_password_is_an_authorisation_lost(package_case):
    with package_case.open(password="wrong") as package, pytest.raises(AuthorisationLostError):
        package.test_sign_in()
    assert package_case.failed_sign_ins() == 1


def test_wrong_password_is_not_sent_again_by_itself(package_case):
    """Services count wrong passwords and block the user."""
    for _run in range(3):
        with package_case.open(password="wrong") as package, pytest.raises(AuthorisationLostError):
            package.list_administrations()
    assert package_case.failed_sign_ins() == 1


def test_right_password_after_a_wrong_one(package_case):
    with package_case.open(password="wrong") as package, pytest.raises(AuthorisationLostError):
        package.list_administrations()
    with package_case.open() as package:
        assert package.list_administrations()


def test_consent_that_expired_is_told_apart_from_a_wrong_app(package_case):
    """Whatever the package's word for it: somebody signs in again, and nobody asks until then."""
    try:
        package_case.let_consent_expire()
    except NotImplementedError:
        pytest.skip("there is no consent that expires")
    before = package_case.failed_sign_ins()
    for _run in range(2):
        with package_case.open() as package, pytest.raises(AuthorisationLostError) as caught:
            package.test_sign_in()
        assert caught.value.code == "consent_expired"
    assert package_case.failed_sign_ins() == before + 1


def test_secrets_are_in_no_error_and_no_log(package_case, caplog):
    for logger in ("odoo.addons", "urllib3"):
        caplog.set_level("DEBUG", logger=logger)
    with (
        package_case.open(password="wr0ng-and-secret") as package,
        pytest.raises(PackageError) as caught,
    ):
        package.list_administrations()
    texts = [str(caught.value), caught.value.technical, caught.value.request, caplog.text]
    assert "wr0ng-and-secret" not in " ".join(texts)
    with package_case.open() as package:
        package.list_administrations()
        package.fetch_master_data({"journal"})
    kept = [str(value) for one in package_case.tokens.kept.values() for value in one.values()]
    assert any(len(value) > 40 for value in kept)
    assert not [value for value in kept if len(value) > 40 and value in caplog.text]


def test_administrations_have_key_and_name(package):
    administrations = package.list_administrations()
    assert administrations
    assert all(one.key and one.name for one in administrations)
    assert len({one.key for one in administrations}) == len(administrations)


def test_next_run_uses_the_token_of_the_one_before(package_case):
    with package_case.open() as package:
        package.fetch_master_data({"journal"})
    before = package_case.budget.total
    with package_case.open() as package:
        package.fetch_master_data({"vat_code"})
    assert package_case.budget.total - before == 1


def test_token_that_expired_is_renewed_without_losing_a_document(
    package_case, package, build, book
):
    book(build.sale())
    package_case.expire_tokens()
    second = book(build.sale())
    assert package_case.keys().count(second.key) == 1
    assert len(package_case.keys()) == 2


def test_interface_is_switched_off(package_case, package):
    package_case.switch_interface_off()
    with pytest.raises(AuthorisationLostError):
        package.test_sign_in()


def test_interface_is_switched_off_while_working(package_case, package, build, book):
    book(build.sale())
    package_case.switch_interface_off()
    with pytest.raises(AuthorisationLostError):
        book(build.sale())
    assert len(package_case.keys()) == 1


def test_administration_is_disabled(package_case, build):
    package_case.disable_administration()
    with package_case.open() as package, pytest.raises(ConfigurationMissingError) as caught:
        package.find_parties(build.party())
    assert caught.value.code


def test_nothing_listens(package_case):
    with package_case.open(reachable=False) as package, pytest.raises(TemporaryError):
        package.test_sign_in()


@pytest.mark.parametrize("kind", [words.HTML, words.GARBAGE, words.EMPTY, words.HUGE])
def test_senseless_answer_to_a_sign_in(package_case, package, kind):
    package_case.fault(words.SIGN_IN, kind)
    with pytest.raises(TemporaryError):
        package.test_sign_in()
    package.test_sign_in()
