"""The demo: a Belgian company in Odoo whose documents go to a package's sandbox and back."""
