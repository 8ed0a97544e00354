from . import accountable_sign_in
from . import accountable_connection
from . import third
from . import number
from . import delivery
from . import precheck
from . import set_up
from . import package_view
