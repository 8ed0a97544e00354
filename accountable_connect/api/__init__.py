"""What every package's client shares: the contract, the errors. Imports nothing of Odoo."""
