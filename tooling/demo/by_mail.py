"""What an administrator sets up in Odoo for e-mail, inside Odoo: a mail server, and the domain that
mails come back to."""

import base64

NAME = "Postbox"
# The address of a company that has none.
DEFAULT = "boekhouding@vandersmissen.example"


def make(env, company, port: int) -> str:
    """The server on this machine, for the senders of the company's own domain; gives that domain.
    What is there already is only corrected."""
    domain = (company.email or DEFAULT).partition("@")[2]
    servers = env["ir.mail_server"].sudo()
    values = {
        "name": f"{NAME} ({domain})",
        "smtp_host": "127.0.0.1",
        "smtp_port": port,
        "smtp_encryption": "none",
        "from_filter": domain,
    }
    found = servers.search([("name", "=", values["name"])])
    found.write(values) if found else servers.create(values)
    domains = env["mail.alias.domain"].sudo()
    company.sudo().alias_domain_id = domains.search([("name", "=", domain)]) or domains.create(
        {"name": domain}
    )
    return domain


def port_of(address: str) -> int:
    """Of ``host:port``."""
    return int(address.rpartition(":")[2])


def choices(connection, control, package) -> dict:
    """Fields of a connection that mails to the box of a package, and its server; ``control`` is
    that of the sandbox."""
    state = control.get("state")
    domain = make(connection.env, connection.company_id, port_of(state["mail_server"]))
    return {"mail_from": f"boekhouding@{domain}", "mail_to": package.mail_address(state)}


def take_bounces(env, messages: list[str]) -> int:
    """Mails that came back, as the mail gateway takes them; each in base64."""
    for message in messages:
        env["mail.thread"].message_process(False, base64.b64decode(message))
    return len(messages)
