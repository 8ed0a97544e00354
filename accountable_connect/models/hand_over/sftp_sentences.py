"""Sentences about SFTP, by code: see ``channel_sentences``."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

SENTENCES = {
    "sftp_not_chosen": _lt("Choose the SFTP server on which documents are put."),
    "sftp_secret_missing": _lt(
        "No password or key is stored for %(user)s on %(host)s: enter one at the SFTP server."
    ),
    "sftp_secret_unreadable": _lt("%(words)s"),
    "sftp_host": _lt(
        "No server is known by the name %(host)s: compare it with what the receiver gave."
    ),
    "sftp_local": _lt(
        "%(host)s is the server of Odoo itself: documents cannot be handed over to it by SFTP."
    ),
    "sftp_unreachable": _lt("%(host)s cannot be reached at the moment by SFTP: %(words)s"),
    "sftp_lost": _lt(
        "The connection with %(host)s broke: what is there is looked at before anything goes again."
    ),
    "sftp_host_key_missing": _lt(
        "Nobody confirmed the key by which %(host)s is known: read it at the SFTP server, compare"
        " it with what the receiver says, and confirm it."
    ),
    "sftp_host_key_changed": _lt(
        "%(host)s shows another key than the one that was confirmed (known: %(known)s; shown:"
        " %(shown)s). It may be another server that pretends to be it: nothing goes there. Ask the"
        " receiver, then read and confirm the new key at the SFTP server."
    ),
    "sftp_password_refused": _lt(
        "%(host)s refuses the user %(user)s or the password: enter both again at the SFTP server."
    ),
    "sftp_key_refused": _lt(
        "%(host)s refuses the user %(user)s or its private key: ask the receiver whether the public"
        " key that belongs to it is stored there."
    ),
    "sftp_more_asked": _lt(
        "%(host)s asks more of the user %(user)s than a password or a key: ask the receiver for a"
        " user that needs one of them only."
    ),
    "sftp_key_format": _lt(
        "This is no private key that can be read. It is a text that begins with “-----BEGIN”, in"
        " the PEM or OpenSSH format (a .ppk file of PuTTY has to be exported as OpenSSH key first)."
    ),
    "sftp_passphrase_missing": _lt("The private key needs its passphrase."),
    "sftp_passphrase_wrong": _lt("The passphrase does not open this private key."),
    "sftp_folder_missing": _lt(
        "The folder “%(folder)s” is not there on %(host)s. Compare it with what the receiver gave."
    ),
    "sftp_no_permission": _lt(
        "The user %(user)s may not write in the folder “%(folder)s” of %(host)s."
    ),
    "sftp_full": _lt("The drive of %(host)s is full: %(words)s"),
    "sftp_failed": _lt("%(host)s could not do what was asked: %(words)s"),
}
