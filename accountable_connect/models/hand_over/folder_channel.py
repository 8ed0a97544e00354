"""A folder of the server as the channel of a connection."""

from odoo import api, models
from odoo.exceptions import ValidationError

from ...api.channels.contract import ChannelError
from ...api.channels.folder import FolderChannel
from ..connection.server_configuration import hand_over_folders, hand_over_root


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    def _folder_channel(self, place):
        folder = place or self.folder
        if not folder:
            raise ChannelError("No folder was chosen", code="folder_not_chosen")
        return FolderChannel(hand_over_root(), folder)

    def _folder_place(self):
        return self.folder

    def _folder_same_place(self):
        return [("folder", "=", self.folder)] if self.folder else []

    def _folder_gaps(self):
        if not self.folder:
            return [self.env._("Choose the folder in which documents are put.")]
        if self.folder not in self._folder_names():
            return [
                self.env._(
                    "The folder %(folder)s is not there any more: choose another one.",
                    folder=self.folder,
                )
            ]
        return []

    def _folder_in_words(self):
        return self.folder or self._channel_label()

    def _folder_try(self):
        self._try_channel()
        return self.env._("The server can write in the folder “%(name)s”.", name=self.folder)

    @api.model
    def _hand_over_folders(self):
        """Names of the folders a manager may choose."""
        return hand_over_folders()

    @api.constrains("folder")
    def _check_folder(self):
        """A person chooses a folder, and never names a path."""
        for connection in self:
            if connection.folder and connection.folder not in self._hand_over_folders():
                raise ValidationError(
                    self.env._(
                        "“%(folder)s” is none of the folders that the server's configuration"
                        " allows.",
                        folder=connection.folder,
                    )
                )
