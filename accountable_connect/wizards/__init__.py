from . import accountable_check
from . import accountable_decision
