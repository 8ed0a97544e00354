from . import run_history
from . import entrances
