{
    "name": "Accountable Connect: UBL",
    "summary": "Deliver e-invoices and bills where the software of the accountant picks them up",
    "version": "19.0.1.6.0",
    "category": "Accounting/Accounting",
    "author": "Accountable Connect",
    "license": "LGPL-3",
    "depends": ["accountable_connect", "account_edi_ubl_cii"],
    "data": [
        "security/ir.model.access.csv",
        "security/rules.xml",
        "data/profiles.xml",
        "wizards/accountable_ubl_profile_import_views.xml",
        "views/accountable_ubl_profile_views.xml",
        "views/accountable_connect_views.xml",
        "views/accountable_connection_set_up_views.xml",
        "views/menus.xml",
    ],
}
