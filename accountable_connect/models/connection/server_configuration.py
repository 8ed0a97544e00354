"""What the server's configuration file says about accounting packages, outside the database::

    [accountable_connect]
    secret_key = <what cryptography.fernet.Fernet.generate_key() gives>
    allow_sandboxes = True
    accountable_instance = <a name of this server's own, where its data folder may be copied>
    sandbox_<package> = <the address of a sandbox on this machine, where sandboxes are allowed>
    hand_over_root = <a folder whose subfolders receive documents>

While a key is being changed both stand there, the new one first, separated by a comma.
A section of its own: Odoo warns of keys it does not know in ``[options]``.
"""

import configparser
import os
import time
from functools import cache

from odoo import tools

from ...api.http.addresses import site_problem
from ...api.http.transport import LONGEST, Bounds

# What a worker needs beside calls: storing what was answered, and ending.
SPARE = 5
# A lane begins nothing new after so many seconds.
LANE_SECONDS = 10


def secret_key():
    """The key of stored secrets, or several of them, "" without one."""
    return _section(_path()).get("secret_key", "").strip()


def sandboxes_allowed():
    """Whether sandboxes on this machine may be used, over plain ``http``."""
    return _section(_path()).get("allow_sandboxes", "").strip().lower() in ("1", "true", "yes")


def sandbox_address(package):
    """The address of the package's sandbox that people may try, "" where there is none or none is
    allowed."""
    named = _section(_path()).get(f"sandbox_{package}", "").strip()
    return named if sandboxes_allowed() and not site_problem(named, True) else ""


def accountable_instance():
    """A name that tells this server from a copy of it, "" without one: a part of the identity of
    its databases."""
    return _section(_path()).get("accountable_instance", "").strip()


def hand_over_root():
    """The folder below which documents are handed over, "" without one."""
    return _section(_path()).get("hand_over_root", "").strip()


def hand_over_folders():
    """Names of the folders right below it, sorted; none that is hidden, and no link, as that could
    lead anywhere."""
    root = hand_over_root()
    if not root:
        return []
    try:
        with os.scandir(root) as entries:
            return sorted(
                entry.name
                for entry in entries
                if not entry.name.startswith(".") and entry.is_dir(follow_symlinks=False)
            )
    except OSError:
        return []  # whoever chooses one is told by the test why there is none


def call_bounds(until=None):
    """The :class:`Bounds` of the calls of this worker: they end before Odoo ends the worker.

    :param until: moment of ``time.monotonic`` by which they have to be over; by default so many
        seconds from now as a worker has
    """
    limit = _seconds_of_worker()
    if not limit:
        return Bounds(allow_sandboxes=sandboxes_allowed())
    return Bounds(
        allow_sandboxes=sandboxes_allowed(),
        longest=min(LONGEST, max(limit - LANE_SECONDS - SPARE, 1)),
        until=until or time.monotonic() + max(limit - SPARE, 1),
    )


def end_of_calls(lane_end):
    """When the calls of a lane have to be over, that begins nothing new after ``lane_end`` (of
    ``time.monotonic``): what begins just before that has as long as any call may take."""
    limit = _seconds_of_worker()
    return lane_end + max(limit - LANE_SECONDS - SPARE, 1) if limit else None


def _seconds_of_worker():
    """After so many seconds Odoo ends a worker; 0: never. Lanes and buttons have the same."""
    limits = [tools.config["limit_time_real_cron"], tools.config["limit_time_real"]]
    return min((limit for limit in limits if limit and limit > 0), default=0)


def _path():
    return tools.config["config"] or ""


@cache
def _section(path):
    parser = configparser.RawConfigParser()
    parser.read(path)
    return dict(parser["accountable_connect"]) if "accountable_connect" in parser else {}
