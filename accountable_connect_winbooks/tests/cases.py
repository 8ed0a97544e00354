"""All documents that have a file of their own in ``data``."""

from . import purchase_cases, sale_cases
from .case import CASES, Case

# they register their cases
__all__ = ["CASES", "Case", "purchase_cases", "sale_cases"]
