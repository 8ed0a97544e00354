from odoo import models
from odoo.addons.accountable_connect.api.errors import DATA_REFUSED
from odoo.addons.accountable_connect.documents import PERIOD
from odoo.addons.accountable_connect.models.connection.server_configuration import call_bounds

from ..api.client import BASE_ADDRESS, LANGUAGES, OctopusClient
from ..api.package import OctopusPackage
from ..concerns import CONCERNS
from ..sentences import RAW, SENTENCES

OWN_SENTENCES = {**SENTENCES, DATA_REFUSED: RAW}


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    def _get_capabilities(self):
        if self.package != "octopus":
            return super()._get_capabilities()
        return OctopusPackage.capabilities

    def _open_package(self):
        self.ensure_one()
        if self.package != "octopus":
            return super()._open_package()
        sign_in = self.sudo().sign_in_id
        language = (self.company_id.partner_id.lang or "nl")[:2]
        client = OctopusClient(
            address=sign_in.octopus_url or BASE_ADDRESS,
            software_house=sign_in._secret("octopus_software_house_uuid"),
            user=sign_in.octopus_user or "",
            password=sign_in._secret("octopus_password"),
            tokens=self._get_token_store(),
            budget=self._get_call_budget(),
            dossier=self.administration_key,
            language=language if language in LANGUAGES else "nl",
            bounds=call_bounds(self.env.context.get("accountable_calls_until")),
        )
        return OctopusPackage(client, periods=self._master_items([PERIOD]), language=language)

    def _get_sentences(self):
        return OWN_SENTENCES if self.package == "octopus" else super()._get_sentences()

    def _get_concerns(self):
        return CONCERNS if self.package == "octopus" else super()._get_concerns()
