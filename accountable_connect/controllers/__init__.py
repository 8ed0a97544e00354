from . import consent, webhook
