{
    "name": "Accountable Connect: WinBooks",
    "summary": "Write the documents of a company as files that WinBooks on the desktop imports",
    "version": "19.0.1.8.0",
    "category": "Accounting/Accounting",
    "author": "Accountable Connect",
    "license": "LGPL-3",
    "depends": ["accountable_connect"],
    "data": [
        "security/ir.model.access.csv",
        "security/rules.xml",
        "wizards/third_paste_views.xml",
        "views/accountable_winbooks_third_views.xml",
        "views/accountable_winbooks_number_views.xml",
        "views/accountable_connect_views.xml",
        "views/accountable_connection_views.xml",
        "views/menus.xml",
    ],
}
