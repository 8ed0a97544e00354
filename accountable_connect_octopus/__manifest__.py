{
    "name": "Accountable Connect: Octopus",
    "summary": "Keep the books of a company in Odoo and in Octopus the same",
    "version": "19.0.1.8.0",
    "category": "Accounting/Accounting",
    "author": "Accountable Connect",
    "license": "LGPL-3",
    "depends": ["accountable_connect"],
    "data": [
        "views/accountable_sign_in_views.xml",
        "views/accountable_connect_views.xml",
        "views/res_config_settings_views.xml",
        "views/menus.xml",
    ],
    "assets": {
        "web.assets_tests": ["accountable_connect_octopus/static/tests/tours/**/*"],
    },
}
