from . import consent, download, webhook
