"""What an error of a channel means, in words for people: one table, by code.

``%(folder)s`` is the folder that was chosen, ``%(name)s`` the name of a file, ``%(words)s`` what a
server said. Those of e-mail and SFTP have files of their own.
"""

from odoo.tools.translate import LazyTranslate

from ...documents.sentence import SentencesOf, filled
from . import mail_sentences, sftp_sentences

_lt = LazyTranslate(__name__)
_of = SentencesOf(__name__)

SENTENCES = {
    **mail_sentences.SENTENCES,
    **sftp_sentences.SENTENCES,
    "hand_over_root_missing": _lt(
        "The server's configuration names no folder for documents. Its administrator sets"
        " hand_over_root in the section [accountable_connect] of odoo.conf."
    ),
    "folder_not_supported": _lt("Folders are not supported on the system of this server."),
    "folder_not_chosen": _lt("Choose the folder the documents are put in."),
    "folder_missing": _lt(
        "The folder “%(folder)s” is not there. Ask the administrator of the server whether it was"
        " moved, or whether its network drive is connected."
    ),
    "folder_outside": _lt(
        "“%(folder)s” is no folder right below the one that the server's configuration names, or"
        " only a link."
    ),
    "folder_full": _lt("The folder “%(folder)s” is full."),
    "folder_read_only": _lt("The folder “%(folder)s” can only be read."),
    "folder_no_permission": _lt("The server may not write in the folder “%(folder)s”."),
    "folder_unreachable": _lt("The folder “%(folder)s” cannot be reached at the moment."),
    "folder_replaces": _lt(
        "The drive of the folder “%(folder)s” cannot rename a file without replacing another one."
        " Choose a folder on another drive."
    ),
    "name_taken": _lt(
        "A file “%(name)s” is in the folder “%(folder)s” already, and is not replaced. It goes once"
        " the receiver has taken that one."
    ),
    "written_gone": _lt(
        "The file “%(name)s” was removed from the folder “%(folder)s” before it had its name. Look"
        " what empties that folder, and whether the receiver has it; then hand the batch over."
    ),
    "file_name": _lt("“%(name)s” is no name a file may have."),
    "file_name_too_long": _lt("The file name “%(name)s” is too long."),
    "file_name_twice": _lt("Two files of the batch have the name “%(name)s”."),
    "file_too_big": _lt("The file “%(name)s” is too big for the drive of the folder “%(folder)s”."),
    "content_lost": _lt(
        "The file “%(name)s” cannot be read any more as it was when the batch closed. Restore the"
        " server's file storage from its backup."
    ),
    "mail_several_documents": _lt(
        "An e-mail takes one document, and this batch closed earlier with several. Download"
        " it, and give it to the receiver yourself."
    ),
    "worker_ended": _lt("The server stopped while it was writing the files."),
    "hand_over_unexpected": _lt(
        "An unexpected error stopped the hand-over; see the log of the server."
    ),
}
# What sentences may name; what an error does not know is left empty.
NAMES = (
    "name",
    "folder",
    "sender",
    "recipient",
    "words",
    "host",
    "size",
    "limit",
    "user",
    "known",
    "shown",
)
# Codes of what no person can put right, and that passes.
UNEXPECTED = "hand_over_unexpected"


def channel_sentence(error):
    """The sentence of a ChannelError, to be stored or shown."""
    if error.sentence:
        return error.sentence
    values = dict.fromkeys(NAMES, "") | error.values
    sentence = SENTENCES.get(error.code)
    if sentence is None:
        return _of("The batch could not be handed over: %(detail)s", detail=str(error))
    return filled(sentence, values)
