"""``./run <command>``: see :data:`HELP`."""

import signal
import sys

from tooling import commands, set_up
from tooling.console import SetUpError, show_error
from tooling.processes import Terminated
from tooling.python_environment import hand_over, inside


def main(arguments: list[str]) -> int:
    """Run one command and return the exit code of the process."""
    name, *rest = arguments or ["help"]
    if name in ("help", "-h", "--help"):
        print(commands.HELP)
        return 0
    command = commands.COMMANDS.get(name)
    if not command:
        raise SetUpError(f"There is no command {name}. ./run help lists them.")
    if name != "clean" and not inside():
        set_up.bootstrap()
        hand_over(arguments)
    return command(rest)


def stop(_signal: int, _frame: object) -> None:
    """End on SIGTERM as on Ctrl-C: everything that was started is stopped."""
    raise Terminated


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, stop)
    try:
        sys.exit(main(sys.argv[1:]))
    except SetUpError as error:
        show_error(error)
        sys.exit(1)
    except KeyboardInterrupt:
        print("\nstopped", file=sys.stderr)
        sys.exit(130)
