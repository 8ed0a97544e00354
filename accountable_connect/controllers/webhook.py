from odoo import http
from odoo.http import request

# A notification has half a kilobyte.
LARGEST_NOTIFICATION = 64 * 1024


class WebhookController(http.Controller):
    @http.route(
        "/accountable_connect_<string:package>/webhook",
        type="http",
        auth="public",
        methods=["POST"],
        csrf=False,
        save_session=False,
        max_content_length=LARGEST_NOTIFICATION,
    )
    def webhook(self, package, **_values):
        """A package tells that something changed: looked at soon, that is all."""
        # nobody is logged in; the signature decides
        env = request.env(su=True)
        body = request.httprequest.get_data()
        if not body and env["accountable.sign.in"].new({"package": package})._webhooks():
            # some try the address when a subscription is made
            return request.make_response("")
        connections = env["accountable.connection"]._told_by(package, body)
        if not connections:
            return request.make_response("", status=403)
        connections._note_changes_there()
        return request.make_response("")
