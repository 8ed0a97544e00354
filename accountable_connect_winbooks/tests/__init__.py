from . import test_entering
from . import test_security
from . import test_set_up
from . import test_thirds
from . import test_way
