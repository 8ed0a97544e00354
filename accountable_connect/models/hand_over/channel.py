"""The channel of a connection: which one, its settings, its test."""

from odoo import api, models
from odoo.exceptions import UserError, ValidationError

from ...api.channels.contract import ChannelError
from ...api.channels.download import DownloadChannel
from ...api.channels.folder import FolderChannel
from ..connection.server_configuration import hand_over_folders, hand_over_root
from .channel_sentences import channel_sentence


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    def _get_channel(self, channel=None, place=None):
        """The :class:`Channel` over which batches go; an addon with another one overrides it, adds
        it to the selections named ``channel``, and says what its place is (``_channel_place``).
        Raises ChannelError where a setting of it is missing.

        :param channel: that of a hand-over which has begun, by default the one that is set
        :param place: where that one began to write
        """
        self.ensure_one()
        channel = channel or self.channel
        if channel == "folder":
            folder = place or self.folder
            if not folder:
                raise ChannelError("No folder was chosen", code="folder_not_chosen")
            return FolderChannel(hand_over_root(), folder)
        if channel == "download":
            return DownloadChannel()
        raise NotImplementedError(channel)

    def _channel_place(self):
        """Where the channel puts files, to be kept with a hand-over: a setting may change while it
        is under way."""
        return self.folder if self.channel == "folder" else False

    @api.model
    def _automatic_channels(self):
        """Names of the channels over which the queue hands over by itself."""
        return ["folder"]

    def _goes_apart(self):
        """Whether the files of a batch go each by itself: documents do, which the receiver takes
        one by one; files of entries belong together."""
        return not self._get_capabilities().entries

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

    def action_test_channel(self):
        """Try whether something can be handed over, with a small file that no receiver takes. What
        failed before is due again when it can."""
        self.ensure_one()
        self.check_access("write")
        try:
            self._get_channel().test()
        except ChannelError as error:
            raise UserError(channel_sentence(error)) from error
        self._hand_over_again_what_failed()
        if self.channel == "folder":
            return self._notify(
                self.env._("The server can write in the folder “%(name)s”.", name=self.folder)
            )
        return self._notify(self.env._("Nothing to test: a person downloads each batch."))
