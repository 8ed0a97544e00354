"""A company whose documents go to WinBooks."""

import dataclasses

from odoo.addons.accountable_connect.tests.common import ConnectionCase
from odoo.tests import tagged

MONTHS_OF_31 = (1, 3, 5, 7, 8, 10, 12)


@tagged("post_install", "-at_install")
class WinBooksCase(ConnectionCase):
    """``connection`` is one with WinBooks, whose book years 2025 and 2026 are typed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.connection.unlink()
        sign_in = cls.env["accountable.sign.in"].sudo()
        cls.sign_in = sign_in.create(
            {"name": "WinBooks", "package": "winbooks", "is_placeholder": True, "state": "valid"}
        )
        cls.connection = cls._connect(cls.company, cls.sign_in)
        cls.connection.batch_closes = "manual"
        for year in (2025, 2026):
            cls.type_book_year(year)
        cls.env.flush_all()

    @classmethod
    def type_book_year(cls, year, **details):
        """One of twelve months, from January on."""
        cls.env["accountable.master.data"].sudo().create(
            [
                {
                    "connection_id": cls.connection.id,
                    "kind": "period",
                    "code": f"{year}-01-01/{month:02d}",
                    "name": f"{year}/{month:02d}",
                    "origin": "typed",
                    "details": {
                        "date_from": f"{year}-{month:02d}-01",
                        "date_to": f"{year}-{month:02d}-{cls._last_day(month)}",
                        "book_year": f"{year}-01-01",
                        **details,
                    },
                }
                for month in range(1, 13)
            ]
        )

    @staticmethod
    def _last_day(month):
        return 28 if month == 2 else 31 if month in MONTHS_OF_31 else 30

    def delivery(self, move):
        """What is handed over of a posted document."""
        built = self.env["accountable.delivery"]._deliveries(self.connection, move)
        delivery, problems = built[move.id]
        self.assertTrue(delivery, [problem.message for problem in problems])
        return delivery

    def given(self, move, delivery=None, **record):
        """What it is given as it enters the open batch."""
        record = {
            "operation": "document",
            "res_model": move._name,
            "res_id": move.id,
            **record,
        }
        delivery = delivery or self.delivery(move)
        batch = self.env["accountable.batch"].sudo().new({"connection_id": self.connection.id})
        return self.env["accountable.delivery"]._given(batch, delivery, record)

    def enter(self, move):
        """Put it in the open batch; gives its item."""
        delivery = dataclasses.replace(self.delivery(move), given=self.given(move))
        return (
            self.connection.sudo()
            ._open_batch()
            ._add_item(delivery, operation="document", res_model=move._name, res_id=move.id)
        )
