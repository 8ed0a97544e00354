from . import profile
from . import accountable_sign_in
from . import accountable_connection
from . import set_up
from . import package_view
from . import account_edi_xml_ubl_bis3
from . import delivery
from . import moment
