from . import connect
from . import third_paste
