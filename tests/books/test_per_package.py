"""Every package gets every test, on documents that are posted once."""

from unittest.mock import MagicMock

from tests.books import case
from tests.books.expected import Expected, expected_of
from tooling.packages import SERVICES, load, with_books, with_ledger


def names_of(cls):
    return {name for name in dir(cls) if name.startswith("test_")}


def test_one_for_each_package():
    class Some(case.PerPackage):
        def test_x(self):
            return self.package.name

        @case.for_packages([load("exact")])
        def test_y(self):
            """For one of them only."""

    assert names_of(Some) == {*(f"test_x_{name}" for name in SERVICES), "test_y_exact"}
    assert {getattr(Some, f"test_x_{name}").package.name for name in SERVICES} == set(SERVICES)


def test_packages_with_books_of_the_country():
    class Dutch(case.PerPackage):
        country_code = "NL"

        def test_x(self):
            """What is Dutch."""

    assert names_of(Dutch) == {f"test_x_{package.name}" for package in with_books("NL")}
    assert {package.country for package in with_books("NL")} == {"NL"}


def test_something_is_expected_of_each_package():
    for country in ("BE", "NL"):
        for package in with_ledger(country):
            assert isinstance(expected_of(package), Expected)


def test_posted_once_and_connected_once(monkeypatch):
    monkeypatch.setattr(case, "Books", MagicMock(side_effect=lambda *_arguments: MagicMock()))
    posted = []

    class Some(case.BooksCase):
        env, company, documents, books_of_packages = MagicMock(), None, None, {}

        @classmethod
        def post_x(cls):
            posted.append("x")
            return "documents"

    books = [Some._books(package) for package in with_books() * 2]
    assert posted == ["x"]
    assert Some.documents == {"x": "documents"}
    assert len(set(map(id, books))) == len(with_books())
    for one in books:
        one.connect.assert_called_once()
    # or PostgreSQL plans for empty tables, and takes minutes to see what is paid
    [analyze] = Some.env.cr.execute.call_args_list
    assert analyze.args[0].startswith("ANALYZE account_move")
