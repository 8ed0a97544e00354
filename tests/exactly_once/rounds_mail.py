"""What goes wrong with documents that are sent by e-mail: nobody can ask a mail server what became
of one, a person looks into the receiver's mailbox."""

from tests.exactly_once.rounds import Rounds
from tests.exactly_once.workers import wait_for


class MailRounds(Rounds):
    """A mail is there once its final dot was answered, or maybe though it was not."""

    module, channel = "mail", "MailChannel"
    documents = 1

    def fault_killed_while_sending(self):
        """Somewhere between greeting and farewell of the server."""
        return self.dying(die_at_command, self.dice.randrange(6))

    def fault_killed_and_found(self):
        """Sent, and only then found by the next worker, who knows nothing of it."""
        wait_for(self.dying_at("publish", "after"))
        self.receiver.settle()
        return self.fault_none()

    def fault_lost_before_dot(self):
        return self.spoiled("lost_before_dot", count=1)

    def fault_lost_in_the_content(self):
        return self.spoiled("lost_before_dot", count=1, size=500)

    def fault_lost_after_dot(self):
        return self.spoiled("lost_after_dot", count=1)

    def fault_greylisted(self):
        """Not now, and taken the second time."""
        self.spoil_only("greylist", count=1)
        wait_for(self.fault_none())
        self.original.make_due()
        return self.fault_none()

    def fault_full(self):
        return self.spoiled("full", count=1)

    def fault_too_large(self):
        """Refused for good, until a person presses *Hand over now*."""
        return self.spoiled("too_large", count=1)

    def fault_unknown_sender(self):
        return self.spoiled("unknown_sender", count=1)

    def fault_service_off(self):
        return self.spoiled("service_off", count=1)

    def fault_slow(self):
        """Slower than nothing; how long a lane waits is tested with a clock of its own."""
        return self.spoiled("slow", seconds=0.05)

    def fault_bounce(self):
        """Taken, and back later."""
        return self.spoiled("bounce", count=1)

    def fault_bounce_and_killed(self):
        """Taken, back, and the worker died before it had noted that it was taken."""
        self.spoil_only("bounce", count=1)
        return self.dying_at("publish", "after")

    def spoil_only(self, kind, **values):
        self.receiver.spoil(kind, **values)


def die_at_command(skip: int) -> None:
    """Kill this process after it has sent so many commands or pieces of the mail."""
    import os
    import signal
    import smtplib

    done, seen = smtplib.SMTP.send, [0]

    def dying(*arguments):
        done(*arguments)
        seen[0] += 1
        if seen[0] > skip:
            os.kill(os.getpid(), signal.SIGKILL)

    smtplib.SMTP.send = dying
