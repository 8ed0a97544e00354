from . import test_entering
from . import test_thirds
