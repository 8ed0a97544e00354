"""A batch closes: its number, its files, its totals."""

import hashlib
import logging
import re
from decimal import Decimal

import psycopg2
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...api.errors import DataRefusedError, PackageError
from ...documents.sentence import SentencesOf

_lt = SentencesOf(__name__)

_logger = logging.getLogger(__name__)

# So many documents are read at once for the totals.
PORTION = 1000


class AccountableBatch(models.Model):
    _inherit = "accountable.batch"

    def action_close(self):
        """Close it now, so that it can be handed over."""
        for batch in self._for_button():
            batch._close_for_person()
        self.connection_id.sudo()._wake_lanes()  # a button of users who read no connection
        return True

    def _close_for_person(self):
        connection = self.connection_id
        try:
            connection._check_may_send()
            with connection._open_package() as package:
                self._close(package)
        except PackageError as error:
            raise UserError(connection._error_sentence(error)) from error

    def _close(self, package):
        """Give it its number and freeze it. Raises UserError when nothing is in it,
        DataRefusedError when the package cannot write one of its documents.

        :param package: the :class:`FilePackage` that writes entries
        """
        self._lock()
        self._check_open()
        if not self._standing():
            raise UserError(self.env._("There is nothing in this batch yet."))
        connection = self.connection_id
        self.write({"number": connection._next_batch_number(), "closed_at": fields.Datetime.now()})
        if connection._get_capabilities().entries:
            for file in package.write(self._parcel()):
                self.env["accountable.batch.file"]._store(self, file)
        self._go("closed", **self._summary(), checksum=self._checksum(), message=False)
        self._update_links(SQL("number = %s", self.name))

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

    # Those that are due

    @api.model
    def _close_due(self, connection, package):
        """Close the batch of a connection that is due, at the end of a run. Commits. A document
        that the package cannot write waits for a person, the others go on."""
        batch = self.search(
            [
                ("connection_id", "=", connection.id),
                ("state", "=", "open"),
                ("document_count", ">", 0),
                ("closes_at", "<=", fields.Datetime.now()),
            ],
            limit=1,
        )
        # what is due this night belongs in it
        while batch.document_count and not batch._awaits_documents():
            try:
                batch._close(package)
                connection._commit()
                connection._wake_lanes()
                return
            except DataRefusedError as error:
                self.env.cr.rollback()
                if not batch._refuse_before_closing(error):
                    batch._say(connection._error_sentence(error))
                    return
            except PackageError as error:
                self.env.cr.rollback()
                batch._say(connection._error_sentence(error))
                return
            except psycopg2.OperationalError:
                raise
            except Exception:
                self.env.cr.rollback()
                _logger.exception("Batch %s cannot be closed", batch.id)
                batch._say(_lt("An unexpected error; see the log of the server."))
                return

    def _awaits_documents(self):
        """Whether documents are due that the next portions of the run put in it."""
        if self.connection_id.batch_closes == "at_once":
            return False
        return bool(
            self.env["accountable.job"].search_count(
                [
                    ("connection_id", "=", self.connection_id.id),
                    ("state", "=", "pending"),
                    ("next_try", "<=", fields.Datetime.now()),
                    ("operation", "in", ("document", "reverse")),
                ],
                limit=1,
            )
        )

    def _say(self, sentence):
        """Why it did not close; it is tried again by the next run."""
        self.message = sentence
        self.closes_at = fields.Datetime.add(fields.Datetime.now(), hours=1)
        self.connection_id._commit()

    def _refuse_before_closing(self, error):
        """Take out the document that the package cannot write, and say why. Commits.

        :return: whether the error names one of the batch
        """
        item = self._standing().filtered(lambda one: one.name == error.values.get("number"))[:1]
        if not item:
            return False
        sentence = self.connection_id._error_sentence(error)
        item._take_out()
        item._fail_again(sentence, error.code or "refused")
        self.connection_id._commit()
        return True


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
