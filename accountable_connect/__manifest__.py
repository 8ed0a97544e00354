{
    "name": "Accountable Connect",
    "summary": "Keep the books of a company in Odoo and at its accountant the same",
    "version": "19.0.1.0.0",
    "category": "Accounting/Accounting",
    "website": "https://github.com/accountable-connect/accountable-connect",
    "author": "Accountable Connect",
    "license": "LGPL-3",
    "application": True,
    "depends": ["account", "base_vat"],
    "external_dependencies": {"python": ["requests", "rapidfuzz"]},
    "data": [
        "security/groups.xml",
        "security/ir.model.access.csv",
        "security/rules.xml",
        "data/ir_cron.xml",
    ],
}
