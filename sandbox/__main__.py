"""``python -m sandbox octopus --port 8090 [--host 127.0.0.1] [--state FILE] [--no-limits]``."""

from __future__ import annotations

import argparse

from .octopus import serve
from .octopus.seed import PASSWORD, SOFTWARE_HOUSE, USER


def main() -> None:
    """Start one sandbox and say how to reach it."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    packages = parser.add_subparsers(dest="package", required=True)
    octopus = packages.add_parser("octopus", help="the Octopus REST web service")
    octopus.add_argument("--port", type=int, default=8090)
    octopus.add_argument("--host", default="127.0.0.1")
    octopus.add_argument("--state", help="file that keeps the books; without it, memory only")
    octopus.add_argument("--no-limits", action="store_true", help="no daily maximum of calls")
    options = parser.parse_args()
    server = serve(options.port, options.state, options.host,
                   {"daily_limits": False} if options.no_limits else None)
    print(f"Octopus sandbox  {server.url}\n"
          f"pages            {server.root}/\n"
          f"control          {server.control_url}/\n"
          f"software house   {SOFTWARE_HOUSE}\n"
          f"user             {USER}\n"
          f"password         {PASSWORD}", flush=True)
    server.run()


if __name__ == "__main__":
    main()
