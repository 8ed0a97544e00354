{
    "name": "Accountable Connect: Exact Online",
    "summary": "Keep the books of a company in Odoo and in Exact Online the same",
    "version": "19.0.1.0.0",
    "category": "Accounting/Accounting",
    "author": "Accountable Connect",
    "license": "LGPL-3",
    "depends": ["accountable_connect"],
    "external_dependencies": {"python": ["requests"]},
}
