"""The demos of documents that go by e-mail and by SFTP, beside those that go into a folder."""

import base64
import time

from tooling.console import SetUpError, say
from tooling.demo import by_sftp
from tooling.demo.by_mail import port_of
from tooling.demo.flow import PATIENCE
from tooling.demo.hand_over import HandOverDemo


class MailDemo(HandOverDemo):
    """By e-mail into the import box of the receiver. One of the new ones comes back, and goes
    again."""

    choices = {**HandOverDemo.choices, "channel": "mail"}
    came_back = 0

    def way(self):
        state = self.accountant.control.get("state")
        domain = self.inside("mail", port=port_of(state["mail_server"]))
        return {
            "mail_from": f"boekhouding@{domain}",
            "mail_to": self.package.mail_address(state),
        }

    def place(self):
        return f"by e-mail to {self._connection('mail_to')}"

    def post_later(self):
        self._order_bounce()
        super().post_later()

    def wait(self, what):
        super().wait(what)
        if bounces := self._bounces():
            with self.step("an e-mail comes back, and goes again"):
                self._bring(bounces)
                for one in self._failed():
                    say(f"  {one['message']}")
                    self.session.call("accountable.batch", "action_hand_over", [one["batch_id"][0]])
            super().wait(what)

    def _order_bounce(self):
        """The receiver takes the next e-mail, and sends it back a moment later."""
        box = int(self.package.administration)
        self.accountant.control.post("faults", box=box, kind="bounce", way="mail", count=1)

    def _bounces(self):
        """What came back and did not arrive in Odoo yet."""
        return self.accountant.read("bounces")[self.came_back :]

    def _bring(self, bounces):
        """The mail gateway takes what came back."""
        control = self.accountant.control
        messages = [control.file(f"bounces/{bounce['id']}") for bounce in bounces]
        self.inside("bounces", messages=[base64.b64encode(one).decode() for one in messages])
        self.came_back += len(bounces)

    def _failed(self):
        return self._read(
            "accountable.hand.over", ["batch_id", "message"], ("state", "=", "failed")
        )

    def channel_lines(self):
        mails = self.accountant.read("mails")
        tried = len([one for one in mails if one["outcome"] != "bounced"])
        return [f"e-mails             {tried} taken, {len(mails) - tried} came back and went again"]

    def leave(self):
        """One more comes back, for a person to look at."""
        with self.step("an e-mail that comes back on purpose"):
            self._order_bounce()
            self.inside("one_more")
            until = time.monotonic() + PATIENCE
            while not (bounces := self._bounces()):
                if time.monotonic() > until:
                    raise SetUpError(f"No e-mail came back.\n{self.reasons()}")
                time.sleep(0.5)
            self._bring(bounces)
        say()
        say("  Not compared: this one waits on purpose, for you to try.")
        for one in self._failed():
            say()
            say(f"  {one['batch_id'][1]}: {one['message']}")
            say("    → look at its hand-over, and press “Hand over now”")
        say()


class SftpDemo(HandOverDemo):
    """Into a folder on the SFTP server of an office."""

    choices = {**HandOverDemo.choices, "channel": "sftp"}

    def way(self):
        """The server, by its password; its key is looked at and confirmed."""
        values = by_sftp.access(self.accountant.control.get("state"), self.package)
        [server] = self.session.call("accountable.sftp.server", "create", [values])
        self.session.call("accountable.sftp.server", "action_read_host_key", [server])
        [shown] = self.session.read(
            "accountable.sftp.server", [("id", "=", server)], ["shown_key_fingerprint"]
        )
        fingerprint = shown["shown_key_fingerprint"]
        self.session.call(
            "accountable.sftp.server", "action_confirm_host_key", [server], fingerprint
        )
        return {"sftp_server_id": server, "sftp_folder": self.package.folder}

    def place(self):
        return f"by SFTP into {self._connection('sftp_folder')}"

    def channel_lines(self):
        done = self._read("accountable.hand.over", ["names"], ("state", "=", "done"))
        return [f"by SFTP             {sum(len(one['names']) for one in done)} files uploaded"]

    def leave(self):
        """Nothing waits."""


DEMOS = {"folder": HandOverDemo, "mail": MailDemo, "sftp": SftpDemo}


def demo_by(channel: str) -> type[HandOverDemo]:
    """The demo of a channel."""
    return DEMOS[channel]
