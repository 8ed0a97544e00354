"""What ``./run`` calls: set-up of Odoo and PostgreSQL, tests, lint, demo and services.

Only the standard library is used until the virtual environment stands.
"""
