"""What the database of ``./run serve`` begins with: Odoo's first company made Belgian, in euro,
with the people of the demo and a few posted documents, not connected with anything.

It is the company whose books the sandboxes keep, so that they are offered as its own.
"""

from datetime import date

from odoo import Command

from tooling.demo import people
from tooling.demo.company import COMPANY, COMPANY_EMAIL
from tooling.demo.partners import PARTNERS

CHART = "be_comp"
# The sandboxes' books end then.
LAST_DAY = date(2026, 12, 31)
# Type, partner of the demo, number of a supplier, lines: text, price, end of the tax's external id.
DOCUMENTS = (
    ("out_invoice", "korenbloem", "", (("Bureaustoel", 289, "OUT-21-L"),)),
    (
        "out_invoice",
        "parc",
        "",
        (("Chaise de bureau", 249.5, "OUT-21-L"), ("Catalogue", 12, "OUT-06-L")),
    ),
    ("in_invoice", "ardennen", "2026-0451", (("Eik", 640.25, "IN-V81-21"),)),
)


def main(env, _arguments):
    """Country, currency, VAT number and the Belgian chart, then people and documents; gives the
    company's name. Nothing may be booked yet."""
    people.install_languages(env)
    company = env.ref("base.main_company")
    company.write(
        {**COMPANY, "country_id": env.ref("base.be").id, "currency_id": env.ref("base.EUR").id}
    )
    env["account.chart.template"].try_loading(CHART, company, install_demo=False)
    company.email = COMPANY_EMAIL
    people.make(env, company)
    people.settle(env, company)
    _post(env(context={**env.context, "allowed_company_ids": company.ids}), company)
    return company.name


def _post(env, company):
    """Documents of today, so that the start date that is proposed takes them along."""
    day = min(date.today(), LAST_DAY)
    partners = {partner.key: partner for partner in PARTNERS}
    for kind, key, number, lines in DOCUMENTS:
        partner = partners[key]
        env["account.move"].create(
            {
                "move_type": kind,
                "partner_id": _contact(env, partner).id,
                "invoice_date": day,
                "date": day,
                "ref": number,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": text,
                            "price_unit": price,
                            "tax_ids": env.ref(f"account.{company.id}_attn_VAT-{tax}").ids,
                        }
                    )
                    for text, price, tax in lines
                ],
            }
        ).action_post()


def _contact(env, partner):
    return env["res.partner"].create(
        {
            "name": partner.name,
            "street": partner.street,
            "zip": partner.postal_code,
            "city": partner.city,
            "vat": partner.vat,
            "email": partner.email,
            "is_company": True,
            "country_id": env.ref("base.be").id,
        }
    )
