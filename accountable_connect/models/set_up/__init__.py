from . import steps
from . import checklist
from . import start
from . import preview
from . import contact_match
