from . import accountable_sign_in
from . import accountable_connection
from . import package_view
