"""What goes wrong with documents that are put on an SFTP server."""

from tests.exactly_once.rounds import Rounds
from tests.exactly_once.workers import wait_for


class SftpRounds(Rounds):
    """A rename on the server makes a file visible, and its receiver takes it away."""

    module, channel = "sftp", "SftpChannel"
    documents = 1

    def fault_killed_while_taken(self):
        """Renamed, taken by the receiver, and only then found by the next worker."""
        wait_for(self.dying_at("publish", "after"))
        self.receiver.receive()
        return self.fault_none()

    def fault_lost_before_rename(self):
        return self.spoiled("lost_before_rename", count=1)

    def fault_lost_after_rename(self):
        return self.spoiled("lost_after_rename", count=1)

    def fault_disk_full(self):
        return self.spoiled("full", count=1, size=300)

    def fault_wrong_host_key(self):
        """Somebody else answers: nothing is given to them, not even the password."""
        return self.spoiled("wrong_host_key", box=None)

    def fault_off(self):
        return self.spoiled("off", box=None)

    def fault_password_refused(self):
        return self.spoiled("refuse_password", box=None)

    def fault_lost_during_upload(self):
        return self.spoiled("lost_during_upload", count=1, size=300)
