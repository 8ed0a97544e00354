from . import steps
from . import set_up
from . import contact_match
