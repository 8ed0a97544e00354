from . import accountable_decision
