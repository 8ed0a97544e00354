"""A batch closes: its number, its files, its totals."""

import hashlib
import re
import unicodedata
from decimal import Decimal

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...documents.sentence import data_of

# So many documents are read at once for the totals.
PORTION = 1000
# Of bytes of files in Odoo's cache.
MOST_HELD = 4 * 1024 * 1024


class AccountableBatch(models.Model):
    _inherit = "accountable.batch"

    def _close(self, package):
        """Give it its number and freeze it. Raises UserError when nothing is in it,
        BatchRefusedError when the package cannot write some of its documents.

        :param package: the :class:`FilePackage` that writes entries
        """
        self._lock()
        self._check_open()
        if not self._standing():
            raise UserError(self.env._("There is nothing in this batch yet."))
        connection = self.connection_id
        self.write({"number": connection._next_batch_number(), "closed_at": fields.Datetime.now()})
        self.write({"shipment_name": file_name_of(self._shipment_name())})
        values, missing = self._summary(), False
        if connection._get_capabilities().entries:
            parcel = self._parcel()
            self._store_written(package.write(parcel))
            remarks = package.remarks(parcel)
            self.write({**values, "remarks": [data_of(one) for one in remarks] or False})
            missing = self._store_cover_sheet()
        self._go("closed", **values, checksum=self._checksum(), message=missing)
        self._update_links(SQL("number = %s", self.name))

    def _store_written(self, files):
        """Keep what the package writes: each file before it is asked for the next one, and no more
        of their bytes at once than a large file has."""
        held = 0
        for file in files:
            held += self.env["accountable.batch.file"]._store(self, file).size
            del file
            if held > MOST_HELD:
                self.env.invalidate_all()  # what is not stored yet is
                held = 0

    def _summary(self):
        """``document_count``, period and control totals."""
        items = self._standing()
        dates, sums = [], ControlTotals()
        for start in range(0, len(items), PORTION):
            portion = items[start : start + PORTION]
            for item in portion:
                dates.append(item.accounting_date)
                sums.add(item._delivery_totals())
            portion.invalidate_recordset(flush=False)
        return {
            "document_count": len(items),
            "date_from": min(dates),
            "date_to": max(dates),
            "totals": sums.as_json(),
        }

    def _checksum(self):
        """SHA-256 over the names of its files and the checksums of their bytes, in their order."""
        digest = hashlib.sha256()
        for file in self._files().read(["name", "size", "checksum"]):
            digest.update(f"{file['name']}\0{file['size']}\0{file['checksum']}\n".encode())
        return digest.hexdigest()


class AccountableBatchItem(models.Model):
    _inherit = "accountable.batch.item"

    def _delivery_totals(self):
        """What the control totals need of one document."""
        return {
            "journal": self.journal or "",
            "kind": self.document_kind,
            "number": self.name,
            "currency": self.currency_id.name,
            "total": Decimal(f"{self.amount_total:.{self.currency_id.decimal_places}f}"),
            "vat": self.vat_totals or (),
        }


class ControlTotals:
    """Sums over the documents of a batch, of each kind by itself: what a credit note takes back is
    positive under its own kind."""

    def __init__(self):
        self.journals = {}
        self.currencies = {}
        self.vat = {}

    def add(self, document):
        """:param document: see ``_delivery_totals``"""
        kind, currency = document["kind"], document["currency"]
        numbers = self.journals.setdefault((document["journal"], kind), [])
        numbers.append(document["number"])
        count_total = self.currencies.setdefault((kind, currency), [0, Decimal(0)])
        count_total[0] += 1
        count_total[1] += document["total"]
        for one in document["vat"]:
            sums = self.vat.setdefault(
                (kind, currency, one["code"], one["rate"] or ""), [Decimal(0), Decimal(0)]
            )
            # with as many decimals as the currency has
            sums[0] = (sums[0] + Decimal(one["base"])).quantize(document["total"])
            sums[1] = (sums[1] + Decimal(one["vat"])).quantize(document["total"])

    def as_json(self):
        """``{"journals": […], "currencies": […], "vat": […]}``, amounts as text, sorted."""
        return {
            "journals": [
                {
                    "journal": journal,
                    "kind": kind,
                    "count": len(numbers),
                    "first": min(numbers, key=in_order),
                    "last": max(numbers, key=in_order),
                }
                for (journal, kind), numbers in sorted(self.journals.items())
            ],
            "currencies": [
                {"kind": kind, "currency": currency, "count": count, "total": str(total)}
                for (kind, currency), (count, total) in sorted(self.currencies.items())
            ],
            "vat": [
                {
                    "kind": kind,
                    "currency": currency,
                    "code": code,
                    "rate": rate or None,
                    "base": str(base),
                    "vat": str(vat),
                }
                for (kind, currency, code, rate), (base, vat) in sorted(self.vat.items())
            ],
        }


def in_order(number):
    """Key under which INV/9 comes before INV/10."""
    return [(int(one), "") if one.isdecimal() else (-1, one) for one in re.split(r"(\d+)", number)]


def file_name_of(text):
    """A text as the name of a directory on any system: ASCII letters, digits, "-", "_" and "."."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9_.-]+", "-", plain).strip("-.")
