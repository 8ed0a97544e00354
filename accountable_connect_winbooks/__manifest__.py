{
    "name": "Accountable Connect: WinBooks",
    "summary": "Write the documents of a company as files that WinBooks on the desktop imports",
    "version": "19.0.1.7.0",
    "category": "Accounting/Accounting",
    "author": "Accountable Connect",
    "license": "LGPL-3",
    "depends": ["accountable_connect"],
    "data": [
        "views/menus.xml",
    ],
}
