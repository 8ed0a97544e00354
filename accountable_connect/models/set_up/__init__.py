from . import steps
from . import mapping_steps
from . import checklist
from . import summary
from . import step_needs
from . import start
from . import preview
from . import contact_match
