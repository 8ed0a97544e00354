"""Who works in the demo's company and in that of ``./run serve``: one person for each thing that is
to be tried, and one for each language. A person's password is the login."""

from dataclasses import dataclass

from tooling.demo.partners import MANAGER, USER

LANGUAGES = ("nl_BE", "fr_BE")
MODULE = "accountable_demo"


@dataclass(frozen=True)
class Person:
    """``group`` is the end of the external id of a group of ``accountable_connect``; ``may`` says
    what it allows; ``language`` is empty for that of the database."""

    login: str
    name: str
    group: str
    may: str
    language: str = ""


ADMINISTRATOR = Person(
    "admin", "Administrator", "", "everything, also settings, companies and users"
)
PEOPLE = (
    Person(MANAGER, "Marie Claes", "group_manager", "connects, maps, decides; no administrator"),
    Person(USER, "Bram Wouters", "group_user", "sees the queue, retries, decides; maps nothing"),
    Person("beheerder", "Lotte Peeters", "group_manager", "the manager in Dutch", "nl_BE"),
    Person("gestionnaire", "Claire Lambert", "group_manager", "the manager in French", "fr_BE"),
)


def install_languages(env) -> None:
    """Dutch and French as Belgium has them, before anything that has names in them."""
    known = env["res.lang"].with_context(active_test=False)
    languages = known.search([("code", "in", LANGUAGES), ("active", "=", False)])
    if languages:
        # a superuser's wizard; the texts of every module come with it
        env["base.language.install"].create({"lang_ids": languages.ids}).lang_install()


def make(env, company) -> None:
    """The people of a company, those whose language is installed; who is there from another company
    gets this one too."""
    languages = {code for code, _name in env["res.lang"].get_installed()}
    for person in PEOPLE:
        if person.language and person.language not in languages:
            continue
        name = f"{MODULE}.user_{person.login}"
        user = env.ref(name, raise_if_not_found=False)
        if user:
            user.active = True
            user.company_ids |= company
            continue
        groups = env.ref(f"accountable_connect.{person.group}") | env.ref("base.group_user")
        # whoever keeps the books corrects contacts, which is a right of its own in Odoo
        groups |= env.ref("base.group_partner_manager")
        values = {
            "name": person.name,
            "login": person.login,
            "password": person.login,
            "company_id": company.id,
            "company_ids": company.ids,
            "group_ids": groups.ids,
        }
        if person.language:
            values["lang"] = person.language
        user = env["res.users"].create(values)
        env["ir.model.data"]._update_xmlids([{"xml_id": name, "record": user, "noupdate": True}])


def settle(env, company) -> None:
    """The administrator begins in this company too, without the empty one that every database
    begins with, and nobody is greeted by OdooBot."""
    administrator = env.ref("base.user_admin")
    administrator.write({"company_ids": [(4, company.id)], "company_id": company.id})
    administrator.company_ids -= env.ref("base.main_company") - company
    env["res.users"].search([]).odoobot_state = "disabled"


def lines() -> list[str]:
    """Who may sign in, and what for; for a terminal."""
    everybody = (ADMINISTRATOR, *PEOPLE)
    width = max(len(person.login) for person in everybody)
    return [f"{person.login.ljust(width)}  {person.may}" for person in everybody]
