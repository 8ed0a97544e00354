from . import accountable_check
from . import accountable_decision
from . import connect
from . import connect_by_consent
from . import accountable_batch_answer
from . import accountable_upload_dialogue
from . import accountable_typed
