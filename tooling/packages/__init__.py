"""What the demo, the benchmarks and the tests know of each accounting package, in one module a
package; everything else asks here. ``load`` imports a module only when its package is wanted:
``./run`` begins without the libraries that the sandboxes need."""

from importlib import import_module

# Those that answer, and keep the books; and all, with those that only take files.
SERVICES = ("octopus", "exact")
NAMES = (*SERVICES, "ubl")
ALL = "all"


def load(name: str):
    """The :class:`tooling.packages.package.Package` of this name."""
    return import_module(f"tooling.packages.{name}").PACKAGE


def with_books(country: str = "BE") -> list:
    """Every package that can keep the books of a company of this country, as it is there."""
    return [package for name in SERVICES if (package := load(name).of_country(country))]
