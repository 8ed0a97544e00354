"""Install the addons of this repository into ``odoo/addons``, where an existing Odoo finds them.

``odoo.addons`` is a namespace package: only the addons go into the wheel, below that name.
"""

from pathlib import Path

from setuptools import setup

ROOT = Path(__file__).resolve().parent
README = ROOT / "README.rst"


def addons() -> list[str]:
    """Return the names of the addons: top-level folders with a manifest."""
    return sorted(manifest.parent.name for manifest in ROOT.glob("*/__manifest__.py"))


def files_of(addon: str) -> list[str]:
    """Return every file of an addon relative to it: an addon is more than its Python."""
    return sorted(
        str(file.relative_to(ROOT / addon))
        for file in (ROOT / addon).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    )


setup(
    long_description=README.read_text() if README.exists() else "",
    long_description_content_type="text/x-rst",
    packages=[f"odoo.addons.{addon}" for addon in addons()],
    package_dir={f"odoo.addons.{addon}": addon for addon in addons()},
    package_data={f"odoo.addons.{addon}": files_of(addon) for addon in addons()},
    include_package_data=False,
)
