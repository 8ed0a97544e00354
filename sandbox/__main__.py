"""``python -m sandbox PACKAGE --port N [--host 127.0.0.1] [--state FILE] [--no-limits]``; a postbox
and WinBooks also take ``--folders DIRECTORY``, WinBooks ``--watch``."""

from __future__ import annotations

import argparse
import sqlite3

from .kit.serving import RunningSandbox


def octopus(options: argparse.Namespace) -> tuple[RunningSandbox, dict[str, str]]:
    """The Octopus sandbox, and what to tell whoever started it."""
    from .octopus import serve
    from .octopus.seed import PASSWORD, SOFTWARE_HOUSE, USER

    server = serve(
        options.port,
        options.state,
        options.host,
        {"daily_limits": False} if options.no_limits else None,
    )
    return server, {
        "Octopus sandbox": server.url,
        "pages": f"{server.root}/",
        "control": f"{server.control_url}/",
        "software house": SOFTWARE_HOUSE,
        "user": USER,
        "password": PASSWORD,
    }


def exact(options: argparse.Namespace) -> tuple[RunningSandbox, dict[str, str]]:
    """The Exact Online sandbox, and what to tell whoever started it."""
    from .exact import serve
    from .exact.identity import CLIENT_ID, CLIENT_SECRET, PASSWORD, USER, WEBHOOK_SECRET
    from .exact.switches import NO_LIMITS

    server = serve(
        options.port, options.state, options.host, NO_LIMITS if options.no_limits else None
    )
    return server, {
        "Exact sandbox": server.url,
        "pages": f"{server.root}/",
        "control": f"{server.control_url}/",
        "client id": CLIENT_ID,
        "client secret": CLIENT_SECRET,
        "webhook secret": WEBHOOK_SECRET,
        "user": USER,
        "password": PASSWORD,
    }


def postbox(options: argparse.Namespace) -> tuple[RunningSandbox, dict[str, str]]:
    """The postbox sandbox, and what to tell whoever started it."""
    from .postbox import serve

    server = serve(
        options.port,
        options.state,
        options.host,
        root=options.folders,
        smtp_port=options.smtp_port,
        sftp_port=options.sftp_port,
    )
    return server, {
        "Postbox sandbox": f"{server.root}/",
        "pages": f"{server.root}/",
        "control": f"{server.control_url}/",
        "mail server": f"{options.host}:{server.smtp_port}",
        "SFTP server": f"{options.host}:{server.sftp_port}",
        "SFTP user": server.sftp_user,
        "SFTP password": server.sftp_password,
        "folders": str(server.folders),
    }


def winbooks(options: argparse.Namespace) -> tuple[RunningSandbox, dict[str, str]]:
    """The WinBooks sandbox, and what to tell whoever started it."""
    from .winbooks_desktop import serve

    server = serve(
        options.port, options.state, options.host, root=options.folders, watching=options.watch
    )
    return server, {
        "WinBooks sandbox": f"{server.root}/",
        "pages": f"{server.root}/",
        "control": f"{server.control_url}/",
        "folders": str(server.folders),
    }


PACKAGES = {
    "octopus": (octopus, "the Octopus REST web service", 8090),
    "exact": (exact, "the Exact Online REST service", 8091),
    "postbox": (postbox, "folders that the software of an accountant reads", 8092),
    "winbooks": (winbooks, "WinBooks on the desktop, which imports files", 8093),
}


def parser() -> argparse.ArgumentParser:
    """The command line."""
    found = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    packages = found.add_subparsers(dest="package", required=True)
    for name, (_start, title, port) in PACKAGES.items():
        # the folder of the code is as good a name as the package's
        aliases = ["winbooks_desktop"] if name == "winbooks" else []
        package = packages.add_parser(name, help=title, aliases=aliases)
        package.set_defaults(package=name)
        package.add_argument("--port", type=int, default=port)
        package.add_argument("--host", default="127.0.0.1")
        package.add_argument("--state", help="file that keeps the books; without it, memory only")
        package.add_argument("--no-limits", action="store_true", help="no maximum of calls")
        if name in ("postbox", "winbooks"):
            package.add_argument("--folders", help="where they lie; without it, somewhere for now")
        if name == "postbox":
            package.add_argument("--smtp-port", type=int, default=0, help="0: a free one")
            package.add_argument("--sftp-port", type=int, default=0, help="0: a free one")
        if name == "winbooks":
            package.add_argument("--watch", action="store_true", help="import what is put there")
    return found


def main() -> None:
    """Start one sandbox and say how to reach it."""
    options = parser().parse_args()
    try:
        server, shown = PACKAGES[options.package][0](options)
    except (OSError, ValueError, sqlite3.Error) as error:
        parser().error(str(error))
    print("\n".join(f"{title:<17}{value}" for title, value in shown.items()), flush=True)
    server.run()


if __name__ == "__main__":
    main()
