"""What a manager sets up for SFTP, inside Odoo."""


def choices(connection, control, package) -> dict:
    """Fields of a connection that puts files into the folder of a box; ``control`` is that of the
    sandbox."""
    raise NotImplementedError
