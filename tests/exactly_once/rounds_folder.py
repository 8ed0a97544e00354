"""What goes wrong with documents that are put into a folder of the server."""

import errno
import os

from tests.exactly_once.rounds import Rounds, die_at
from tests.exactly_once.workers import wait_for


def fill_disk(skip: int) -> None:
    """The disk is full after so many files."""
    from odoo.addons.accountable_connect.api.channels import folder

    done, seen = folder._write_file, [0]

    def failing(*arguments):
        seen[0] += 1
        if seen[0] > skip:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        done(*arguments)

    folder._write_file = failing


class FolderRounds(Rounds):
    """A rename makes a file visible, and its receiver takes it away."""

    module, channel = "folder", "FolderChannel"
    of_receiver = ("read_only", "gone", "receiver_off")

    def fault_killed_between_names(self):
        return self.dying(die_at, "folder", "give_name", "after", self.dice.randrange(3))

    def fault_killed_while_taken(self):
        """Renamed, taken by the receiver, and only then found by the next worker."""
        wait_for(self.dying_at("publish", "after"))
        self.receiver.receive()
        return self.fault_none()

    def fault_disk_full(self):
        return self.dying(fill_disk, self.dice.randrange(2))

    def fault_read_only(self):
        return self.spoiled("read_only")

    def fault_gone(self):
        return self.spoiled("gone")

    def fault_receiver_off(self):
        return self.spoiled("off")
