"""Entry of ``./run demo``; see "The demo's contract" in tooling/README.md."""

from tooling.console import SetUpError


def main(arguments, environment) -> int:
    """Run the demo in a running Odoo and sandbox; the exit code of the command."""
    if arguments:
        raise SetUpError(f"./run demo does not know {' '.join(arguments)}")
    from tooling.demo import flow  # needs the libraries of the virtual environment

    return flow.run(environment)
