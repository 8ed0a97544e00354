from . import accountable_check
from . import accountable_decision
from . import connect
from . import connect_by_consent
