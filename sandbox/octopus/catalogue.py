"""Operations of modules this dossier does not have: refused with 403 as such a dossier answers.

Invoice module, delivery notes, DMS of invoices, payment files, CODA, payroll, products, reminders
as PDF. Which return code the service gives is not known; the code of the failed operation is used
where the list has one, else -79.
"""

from __future__ import annotations

from .calls import Answer, Call, operation
from .contract import OPERATIONS
from .errors import Refusal, wording

MODULES = {
    "Invoices": ("Invoice Module", -37),
    "Delivery Notes": ("Invoice Module", -43),
    "Payroll administration": ("payroll module", -79),
    "Coda": ("bank module", -79),
    "Bank": ("bank module", -79),
    "Products": ("product module", -49),
}
READING = {
    "getInvoice": -62,
    "getModifiedInvoices": -62,
    "exportInvoice": -71,
    "updateInvoice": -64,
    "getDeliveryNote": -60,
    "getModifiedDeliveryNotes": -60,
    "updateDeliveryNote": -63,
    "exportDeliveryNote": -72,
}
SERVED = {"getUnbalancedInvoices", "getProducts"}

OUTSIDE = [
    name for name, entry in OPERATIONS.items() if entry["group"] in MODULES and name not in SERVED
]


@operation(*OUTSIDE, "exportRappel")
def outside(call: Call) -> Answer:
    """403: the module is not active in this dossier."""
    if call.operation == "exportRappel":
        raise Refusal(404, -73, "No reminder was made")
    module, code = MODULES[OPERATIONS[call.operation]["group"]]
    code = READING.get(call.operation, code)
    technical = f"The {module} is not active in dossier {call.path['dossierId']}"
    if call.operation == "importCoda":  # its own report in place of an ErrorResult
        return Answer(
            403,
            {
                "errorCode": code,
                "errorMessage": wording(code, call.language),
                "codaImportItemReportLines": [],
                "technicalInfo": technical,
            },
        )
    raise Refusal(403, code, technical)
