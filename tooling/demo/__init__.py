"""The demo: a Belgian company in Odoo for each package, and its documents there and back."""
