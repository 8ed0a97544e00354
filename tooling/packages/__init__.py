"""What the demo, the benchmarks and the tests know of each accounting package, in one module a
package; everything else asks here. ``load`` imports a module only when its package is wanted:
``./run`` begins without the libraries that the sandboxes need."""

from importlib import import_module

# Those that answer, and keep the books; those that keep them of entries in files; and all, with
# those that only take documents.
SERVICES = ("octopus", "exact")
ENTRIES = ("winbooks",)
NAMES = (*SERVICES, *ENTRIES, "ubl")
ALL = "all"


def load(name: str):
    """The :class:`tooling.packages.package.Package` of this name."""
    return import_module(f"tooling.packages.{name}").PACKAGE


def with_books(country: str = "BE", names: tuple[str, ...] = SERVICES) -> list:
    """Every package that can keep the books of a company of this country, as it is there, and
    answers."""
    return [package for name in names if (package := load(name).of_country(country))]


def with_ledger(country: str = "BE") -> list:
    """The same with those that answer nothing: their ledger is compared all the same."""
    return with_books(country, (*SERVICES, *ENTRIES))
