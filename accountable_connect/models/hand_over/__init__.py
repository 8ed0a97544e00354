from . import batch
from . import batch_item
from . import batch_file
from . import hand_over
from . import upload
from . import delivery
from . import connection_hand_over
