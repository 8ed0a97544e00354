from . import secret_fields
from . import sign_in
from . import agreed_target
from . import token_store
from . import consent
from . import keep_alive
from . import app
from . import asking
