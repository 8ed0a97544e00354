"""The channel of a connection: which one, its settings, its test."""

from odoo import api, models
from odoo.exceptions import UserError

from ...api.channels.contract import ChannelError
from ...api.channels.download import DownloadChannel
from .channel_sentences import channel_sentence


class AccountableConnection(models.Model):
    """A channel ``folder`` has ``_folder_channel`` and so on: one file for each, and nothing else
    asks which channel it is.

    * ``_<channel>_channel(place)``: the :class:`Channel`; raises ChannelError where a setting of it
      is missing. ``place``: where a hand-over began to write, False: where it is set to now.
    * ``_<channel>_place()``: text to be kept with a hand-over, False where there is none.
    * ``_<channel>_gaps()``: sentences about what is still to be chosen.
    * ``_<channel>_in_words()``: what the summary of the set-up calls it.
    * ``_<channel>_same_place()``: a domain of connections that put their files in the same place,
      empty where there is no such place.
    * ``_<channel>_try()``: does the test; gives what is said once it went well. Raises
      ChannelError.
    """

    _inherit = "accountable.connection"

    def _of_channel(self, what, *values, channel=None):
        self.ensure_one()
        return getattr(self, f"_{channel or self.channel}_{what}")(*values)

    def _get_channel(self, channel=None, place=None):
        """The :class:`Channel` over which batches go. Raises ChannelError where a setting of it is
        missing.

        :param channel: that of a hand-over which has begun, by default the one that is set
        :param place: where that one began to write
        """
        return self._of_channel("channel", place or False, channel=channel)

    def _channel_place(self):
        """Where the channel puts files, to be kept with a hand-over: a setting may change while it
        is under way."""
        return self._of_channel("place")

    @api.model
    def _automatic_channels(self):
        """Names of the channels over which the queue hands over by itself."""
        return ["folder", "mail", "sftp"]

    def _goes_apart(self):
        """Whether the files of a batch go each by itself: documents do, which the receiver takes
        one by one; files of entries belong together."""
        return not self._get_capabilities().entries

    def action_test_channel(self):
        """Try whether something can be handed over, with a small file that no receiver takes. What
        failed before is due again when it can."""
        self.ensure_one()
        self.check_access("write")
        try:
            said = self._of_channel("try")
        except ChannelError as error:
            raise UserError(channel_sentence(error)) from error
        self._hand_over_again_what_failed(tested=True)
        return self._notify(said)

    def _try_channel(self):
        """What most channels can: write where nobody looks, and remove it."""
        channel = self._get_channel()
        try:
            channel.test()
        finally:
            channel.close()

    # Downloads

    def _download_channel(self, _place):
        return DownloadChannel()

    def _download_place(self):
        return False

    def _download_same_place(self):
        return []

    def _download_gaps(self):
        return []

    def _download_in_words(self):
        return self._channel_label()

    def _download_try(self):
        return self.env._("Nothing to test: a person downloads each batch.")

    def _channel_label(self):
        return dict(self._fields["channel"]._description_selection(self.env))[self.channel]
