from . import accountable_sign_in
from . import accountable_connection
from . import accountable_master_data
from . import accountable_mapping
from . import accountable_binding
from . import accountable_number_series
from . import accountable_run
from . import accountable_job
