"""Companies with a chart of accounts, made once in a test database.

Odoo's base class for accounting tests loads a chart for every class of tests: eight to fifteen
seconds each. A class that asks for an ordinary company of one of these countries takes the
prepared one instead (``conftest.py``); what it changes is rolled back with it, as ever.
"""

MODULE = "accountable_tests"
COUNTRIES = ("BE", "NL")


def external_id(country_code: str) -> str:
    """The name by which tests find the company of a country."""
    return f"{MODULE}.company_{country_code}"


def make(env) -> None:
    """Make the companies that are not there yet."""
    for code in COUNTRIES:
        company(env, code)


def company(env, country_code: str):
    """As ``AccountTestInvoicingCommon._create_company`` makes it."""
    known = env.ref(external_id(country_code), raise_if_not_found=False)
    if known:
        return known
    country = env["res.country"].search([("code", "=", country_code)])
    made = env["res.company"].create(
        {
            "name": f"Prepared {country_code}",
            "country_id": country.id,
            "currency_id": country.currency_id.id,
        }
    )
    charts = env["account.chart.template"]
    charts.try_loading(charts._guess_chart_template(country), company=made, install_demo=False)
    made.currency_id = country.currency_id
    env["ir.model.data"]._update_xmlids(
        [{"xml_id": external_id(country_code), "record": made, "noupdate": True}]
    )
    return made
