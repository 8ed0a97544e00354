"""What the database of ``./run serve`` begins with: Odoo's first company made Belgian, in euro.

It is the company whose books the sandboxes keep, so that they are offered as its own.
"""

from tooling.demo.company import COMPANY, COMPANY_EMAIL

CHART = "be_comp"


def main(env, _arguments):
    """Country, currency, VAT number and the Belgian chart; gives its name. Nothing may be booked
    yet."""
    company = env.ref("base.main_company")
    company.write(
        {**COMPANY, "country_id": env.ref("base.be").id, "currency_id": env.ref("base.EUR").id}
    )
    env["account.chart.template"].try_loading(CHART, company, install_demo=False)
    company.email = COMPANY_EMAIL
    return company.name
