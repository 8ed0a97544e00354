from . import run
from . import running
