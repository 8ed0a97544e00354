"""An SFTP server that leads to the folders of a postbox, inside Odoo."""

NAME = "Postbox"


def access(state: dict, package) -> dict:
    """Fields of the server, out of what the sandbox says of itself; with the password of the
    company whose box it is."""
    user = package.folder.partition("-")[0]
    host, _colon, port = state["sftp_server"].rpartition(":")
    return {
        "name": NAME,
        "host": host,
        "port": int(port),
        "user": user,
        "password_entry": state["sftp_users"][user],
    }


def choices(connection, control, package) -> dict:
    """Fields of a connection that puts files into the folder of a package's box, and its server,
    whose key is known; ``control`` is that of the sandbox."""
    # importable once Odoo knows its addons path
    from odoo.addons.accountable_connect.api.channels.sftp_session import host_key_of

    values = access(control.get("state"), package)
    password = values.pop("password_entry")
    server = connection.env["accountable.sftp.server"].create(
        {**values, "company_id": connection.company_id.id}
    )
    server.set_secrets({"password": password})
    server.host_key = host_key_of(server._access(with_secrets=False))
    return {"sftp_server_id": server.id, "sftp_folder": package.folder}
