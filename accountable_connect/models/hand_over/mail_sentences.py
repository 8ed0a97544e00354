"""Sentences about e-mail, by code: see ``channel_sentences``."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

SENTENCES = {
    "mail_not_written": _lt("The sender or the address of the receiver is missing."),
    "mail_sender": _lt("“%(sender)s” cannot be the sender of an e-mail: correct it."),
    "mail_no_server": _lt(
        "Odoo has no outgoing mail server for %(sender)s, or none that answers: its administrator"
        " sets one up under Settings, Technical, Outgoing Mail Servers. “%(words)s”"
    ),
    "mail_server_unreachable": _lt(
        "The mail server %(host)s of Odoo cannot be reached at the moment: “%(words)s”. If that"
        " lasts, its administrator looks under Settings, Technical, Outgoing Mail Servers."
    ),
    "mail_sign_in_refused": _lt(
        "The mail server %(host)s refuses the user name or password that Odoo has for it:"
        " “%(words)s”. The administrator of Odoo corrects them under Settings, Technical, Outgoing"
        " Mail Servers."
    ),
    "mail_not_encrypted": _lt(
        "The mail server %(host)s and Odoo do not agree on encryption: “%(words)s”. The"
        " administrator of Odoo corrects its settings under Settings, Technical, Outgoing Mail"
        " Servers."
    ),
    "mail_lost": _lt(
        "The connection with the mail server broke before the e-mail to %(recipient)s was sent:"
        " nothing arrived. “%(words)s”"
    ),
    "mail_later": _lt(
        "The mail server does not take the e-mail to %(recipient)s yet, and asks to try again"
        " later: “%(words)s”"
    ),
    "mail_sender_refused": _lt(
        "The mail server takes no e-mails from %(sender)s: “%(words)s”. Ask the administrator of"
        " Odoo for a sender that it allows."
    ),
    "mail_recipient_refused": _lt(
        "The mail server does not take the e-mail from %(sender)s to %(recipient)s: “%(words)s”."
        " Compare the address with the one that the receiver gave, capitals included, and ask"
        " whether the receiver allows this sender."
    ),
    "mail_refused": _lt(
        "The mail server refused the e-mail from %(sender)s to %(recipient)s: “%(words)s”. Ask the"
        " receiver what it does not allow."
    ),
    "mail_size_refused": _lt(
        "The e-mail to %(recipient)s is too large for its mail server, or the mailbox is full:"
        " “%(words)s”. Make the files smaller, or download the batch and bring it in another way."
    ),
    "mail_too_large": _lt(
        "The e-mail to %(recipient)s would have %(size)s MB, and %(limit)s MB are allowed. Make the"
        " files smaller, or download the batch and bring it in another way."
    ),
    "mail_unknown": _lt(
        "The connection with the mail server broke at the very moment when the e-mail to"
        " %(recipient)s was sent: it may have arrived or not. Look at the receiver, and say which"
        " it is."
    ),
}
