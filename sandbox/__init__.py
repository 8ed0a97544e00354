"""Local servers that behave as accounting packages do, with double-entry books behind them.

Nothing here imports Odoo. ``python -m sandbox octopus --port 8090`` starts one; see README.md.
"""
