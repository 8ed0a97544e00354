import sys

sys.path.insert(0, "/tmp")
from odoo.tests import tagged
from w8_shot import shot

from tests.browser import test_winbooks_way as way


class Shots:
    n = 0

    def look(self, page):
        super().look(page)
        Shots.n += 1
        shot(page, f"{page.width}_{Shots.n:02}")


@tagged("post_install", "-at_install")
class TestTmp8(Shots, way.TestWinBooksWay):
    pass


del way
