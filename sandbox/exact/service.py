"""The service: addresses, order of checks, and what happens around a resource's work.

Checks come in this order: ordered faults, token (401), user, division, consent, scope and right
(403), errors of the endpoint, quota (429), then query, body and the resource's own.

Choices where the reference is silent: an address that names nothing is 404 once the token is good,
and counts for no quota; ``current/Me`` counts for no quota and has no headers of it; ``beta`` gives
the same resources; a body that is not JSON by its ``Content-Type`` is 415; answers are Atom XML
unless ``Accept`` or ``$format`` ask for JSON, errors too; the calls of a function
(``UserHasRights``, ``SyncTimestamp``) answer ``{"d": {name: value}}``; ``Modified`` of a
``SyncTimestamp`` is that of the row it stands for, where there is none the moment asked for; a
slash too many, between the parts of an address or behind it, does not count. How long an address
may be is not published, and twelve kilobytes were reported as failing: the switch
``longest_address``, looked at before the token, as a web server in front does.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import unquote

from werkzeug.wrappers import Request, Response

from ..kit.service import Service
from ..kit.storage import Store
from . import odata
from .accountant import ACTIONS
from .atom import as_xml
from .consent import PATH as CONSENT
from .consent import Consent
from .control import Control
from .division import Division
from .entities import ENTITIES, Entity, locate
from .errors import Refusal, business_refusal
from .faults import Faults, false_answer
from .files import content_of
from .identity import Identity, seed_identity
from .limits import Limits
from .oauth import OAuth
from .pages import Pages
from .resource import Hints, Missing, Resource, Row
from .resources import RESOURCES
from .seed import seed
from .switches import Switches
from .values import date_text, parse_moment
from .viewer import AllDivisions, Divisions, LicenceDivisions, Me, Viewer, division_row
from .webhooks import Webhooks, WebhookSubscriptions

BASE = "/api/v1"
TOKEN = "/api/oauth2/token"
DOWNLOAD = "/docs/SysAttachment.aspx"
COUNT = "/$count"
ADDRESS = re.compile(
    rf"{BASE}/(?:(?i:current)/(?P<me>Me)|(?:beta/)?(?P<division>\d{{1,9}})/"
    r"(?P<rest>.+))",
    re.DOTALL,
)
VIEWED = {cls.entity: cls for cls in (Divisions, AllDivisions, LicenceDivisions)}
ANY_DIVISION = ("system/Divisions",)
_logger = logging.getLogger(__name__)


class _Undo(Exception):
    """The answer is a refusal: what the resource has written goes back."""

    def __init__(self, answer: odata.Answer):
        super().__init__(answer.status)
        self.answer = answer


class _Nothing(Resource):
    """What a user without the right to read sees."""

    def rows(self, division: Any, hints: Hints) -> list:
        return []


class Exact(Service):
    """One sandbox of the service, as a WSGI application over a store."""

    package = "exact"
    actions = ACTIONS

    def __init__(self, store: Store):
        super().__init__(store)
        self.switches = Switches(store)
        self.identity = Identity(store)
        self.oauth = OAuth(store, self.clock, self.switches, self.identity)
        self.consent = Consent(self.oauth, self.division_names)
        self.limits = Limits(store, self.clock, self.switches)
        self.faults = Faults(store, self.late)
        self.webhooks = Webhooks(store, self.clock, self.switches, self.identity)
        self.control = Control(self)
        self.pages = Pages(self)
        self.site = ""  # the site root that notifications of people's work name
        self.start()

    def fill(self) -> None:
        """Three divisions with the app and the users that may see them."""
        seed_identity(self.store)
        seed(self.store)

    def administration(self, number: int) -> Division:
        """The books of a division; raises ``Missing``."""
        return self.division(number)

    def do(self, action: Callable[..., Any], number: int, values: dict[str, Any]) -> Any:
        """Actions take the division, and its subscribers hear of what they change."""
        with self._transaction(self.site, number, writes=True):
            return action(self.division(number), **values)

    def division(self, code: int, user: dict | None = None) -> Division:
        """The books of a division; changes belong to the user. Raises ``Missing``."""
        found = (
            Division(self.store, code, (user["id"], user["full_name"]))
            if user
            else Division(self.store, code)
        )
        found.info  # noqa: B018  (raises when there is no such division)
        return found

    def divisions(self) -> dict[int, Row]:
        """Code → the row of a division in ``system/Divisions``, in order."""
        return {
            row["id"]: division_row(Division(self.store, row["id"]))
            for row in self.store.rows("SELECT id FROM administration ORDER BY id")
        }

    def division_names(self) -> dict[int, str]:
        """Code → name, in order."""
        return {code: row["Description"] for code, row in self.divisions().items()}

    def respond(self, request: Request) -> Response:
        """The control endpoint, a page of the sign-in, the service, or a page of the books."""
        path = request.path
        if path.startswith("/sandbox/"):
            return self.control.respond(request)
        if path == CONSENT:
            return self.consent.respond(request)
        if path == TOKEN:
            request.get_data()  # a false answer must not leave the form for the next request
            return self.faults.behave(
                "token", request, lambda: self.oauth.token(request), false_answer
            )
        if path == DOWNLOAD:
            return self._attachment(request)
        if path.startswith("/api/"):
            body, path = request.get_data(), _tidy(path)
            name = re.sub(r"\(.*?\)(?=/|$)", "", unquote(path), flags=re.DOTALL)
            match = re.fullmatch(rf"{BASE}/(?:beta/)?\d+/(.+)", name)
            name = match[1] if match else name.removeprefix(f"{BASE}/")
            return self.faults.behave(
                f"{request.method} {name}", request, lambda: self._api(request, body), false_answer
            )
        return self.pages.respond(request)

    def let_in(self, request: Request) -> dict | None:
        """The consent behind a call; anybody may ask for a token."""
        if request.path == TOKEN:
            return {}
        try:
            return self.oauth.grant(request.headers.get("Authorization"))
        except Refusal:
            return None

    def work_late(self, request: Request, caller: dict) -> None:
        """A call of the service or for a token."""
        if request.path == TOKEN:
            self.oauth.token(request)
        else:
            self._api(request, request.get_data(), caller)

    # One call -----------------------------------------------------------------------------------

    def _api(self, request: Request, body: bytes, consent: dict | None = None) -> Response:
        longest = self.switches["longest_address"]
        if longest and len(request.path) + len(request.query_string) > longest:
            return self._response(request, _answer(Refusal(414, "The request URI is too long.")))
        try:
            consent = consent or self.oauth.grant(request.headers.get("Authorization"))
        except Refusal as refusal:
            return self._response(request, _answer(refusal))
        path, counted = _tidy(request.path), False
        if path.endswith(COUNT):
            path, counted = path.removesuffix(COUNT), True
        match = ADDRESS.fullmatch(path)
        number = int(match["division"] or 0) if match else 0
        endpoint = match["rest"] or "current/Me" if match else path
        user, headers = self.identity.user(consent["user"]), {}
        site = request.host_url.rstrip("/")
        try:
            if not match:
                raise Refusal(404, f"Resource not found for the segment '{path[:200]}'.")
            entity, key, collection = locate(endpoint)
            endpoint = entity.name
            self._check(consent, number, entity, request.method)
            headers = self._count(consent, number, entity, request.method)
            call = odata.Call(
                site=site,
                entity=entity,
                method=request.method,
                number=number,
                key=key,
                collection=collection,
                count=counted,
                query=request.query_string.decode("latin-1"),
                body=body,
                prefer=request.headers.get("Prefer", ""),
                switches=self.switches,
                language=user["language"],
                division=None
                if entity.name in (*ANY_DIVISION, Me.entity)
                else self.division(number, user),
            )
            answer = self._answer(call, consent, request)
        except Refusal as refusal:
            headers = {**headers, **refusal.headers}
            answer = _answer(refusal)
        self.limits.note(
            self.identity.app["client_id"], consent["user"], number, endpoint, answer.status
        )
        return self._response(request, answer, headers)

    def _check(self, consent: dict, number: int, entity: Entity, method: str) -> None:
        self.identity.check_user(consent["user"])
        if entity.name == "current/Me":
            return
        if entity.name not in ANY_DIVISION:
            row = self.divisions().get(number, {})
            self.identity.check_division(
                consent["user"], consent["divisions"], number, row.get("BlockingStatus") or 0
            )
        self.identity.check_scope(entity.scope, method)

    def _count(self, consent: dict, number: int, entity: Entity, method: str) -> dict[str, str]:
        app = self.identity.app["client_id"]
        self.limits.check_errors(app, consent["user"], number, entity.name)
        if entity.name == "current/Me":
            return {}
        return self.limits.count(app, number, f"{method} {entity.name}")

    def _answer(self, call: odata.Call, consent: dict, request: Request) -> odata.Answer:
        if call.method in ("POST", "PUT") and call.body and request.mimetype != "application/json":
            raise Refusal(415, "Unsupported media type requested.")
        if call.entity.is_function:
            return self._function(call, consent, request)
        resource = self._resource(call, consent)
        if call.entity.name == WebhookSubscriptions.entity:
            return odata.answer(call, resource)  # calls an address, so in no transaction
        try:
            with self._transaction(call.site, call.number, call.method != "GET"):
                answer = odata.answer(call, resource)
                if answer.status >= 400:
                    raise _Undo(answer)
            return answer
        except _Undo as refused:
            return refused.answer
        except Exception:  # the caller sees what the service itself would show
            _logger.exception("%s %s", call.method, call.entity.name)
            raise business_refusal("unexpected", call.language) from None

    @contextmanager
    def _transaction(self, site: str, number: int, writes: bool) -> Iterator[None]:
        with self.store.transaction(), self.webhooks.watching(site, number, writes):
            yield

    def _resource(self, call: odata.Call, consent: dict) -> Resource:
        name = call.entity.name
        user = self.identity.user(consent["user"])
        if not self.identity.has_right(consent["user"], name, call.method):
            if call.method != "GET" or self.switches["missing_rights"] != "empty":
                raise Refusal(403, "Forbidden")
            return _Nothing()
        if name == WebhookSubscriptions.entity:
            return WebhookSubscriptions(self.webhooks, call.number, user)
        viewer = Viewer(
            consent["user"], user, consent["divisions"], call.number, self.clock, self.divisions
        )
        if name == Me.entity:
            return Me(viewer)
        if name in VIEWED:
            return VIEWED[name](viewer)
        resource = RESOURCES.get(name)
        if resource is None:
            raise Refusal(404, f"Resource not found for the segment '{name}'.")
        return resource

    # Functions ----------------------------------------------------------------------------------

    def _function(self, call: odata.Call, consent: dict, request: Request) -> odata.Answer:
        if call.method != "GET":
            raise Refusal(405, "Method not allowed")
        literals = {
            name: re.fullmatch(r"(?i:datetime)?'(.*)'", value)
            for name, value in request.args.items()
        }
        values = {
            name: literal[1].replace("''", "'") for name, literal in literals.items() if literal
        }
        try:
            if call.entity.name == "users/UserHasRights":
                right = self.identity.has_right(
                    consent["user"], values["endpoint"], values["action"].upper()
                )
                return odata.function_answer({"UserHasRights": right})
            modified = parse_moment(values["modified"])
            version, moment = self._timestamp(call.division, values["endPoint"], modified)
            return odata.function_answer(
                {
                    "TimeStampAsBigInt": str(version),
                    "Modified": date_text(moment),
                    "API": values["endPoint"],
                }
            )
        except (KeyError, ValueError):
            raise Refusal(400, "Bad Request - Error in query syntax.") from None

    def _timestamp(
        self, division: Any, endpoint: str, modified: dt.datetime
    ) -> tuple[int, dt.datetime]:
        """The row version to start from, so that rows changed since a local time follow, and the
        moment that row was changed."""
        names = [
            name
            for name, entity in ENTITIES.items()
            if entity.is_sync and entity.short_name == endpoint
        ]
        if not names:
            raise KeyError(endpoint)
        rows = RESOURCES[names[0]].rows(division, Hints())
        return max(
            (
                (row["Timestamp"], row["Modified"])
                for row in rows
                if row.get("Modified") and row["Modified"] < modified
            ),
            default=(1, modified),
        )

    # Answers ------------------------------------------------------------------------------------

    def _attachment(self, request: Request) -> Response:
        """A file: the original with ``Download=1``, as with it when it is left out."""
        try:
            consent = self.oauth.grant(request.headers.get("Authorization"))
            self.identity.check_user(consent["user"])
            number = int(request.args.get("_Division_", "0"))
            self._check(consent, number, ENTITIES["documents/DocumentAttachments"], "GET")
            content = content_of(self.division(number), request.args.get("ID", ""))
        except Refusal as refusal:
            return self._response(request, _answer(refusal))
        except (Missing, ValueError):
            return self._response(request, _answer(Refusal(404, "Not found")))
        return Response(content, 200, content_type="application/octet-stream")

    @staticmethod
    def _response(
        request: Request, answer: odata.Answer, headers: dict[str, str] | None = None
    ) -> Response:
        shown = {name: value for name, value in answer.headers.items() if name != "Content-Type"}
        response = Response(b"", answer.status, headers={**(headers or {}), **shown})
        response.headers.pop("Content-Type", None)
        if answer.text:
            response.data = answer.text
            response.headers["Content-Type"] = answer.headers["Content-Type"]
        if answer.body is None:
            return response
        if "json" in request.headers.get("Accept", "") or "$format=json" in unquote(
            request.query_string.decode("latin-1")
        ):
            response.data = json.dumps(answer.body, ensure_ascii=False)
            response.headers["Content-Type"] = odata.CONTENT_TYPE
        else:
            response.data, response.headers["Content-Type"] = as_xml(answer.body)
        return response


def _tidy(path: str) -> str:
    """A path without slashes too many in front of a key and at the end."""
    head, opening, key = path.partition("(")
    return (
        re.sub("/{2,}", "/", head).rstrip("/" if not opening else "") + opening + (key.rstrip("/"))
    )


def _answer(refusal: Refusal) -> odata.Answer:
    return odata.Answer(refusal.status, dict(refusal.headers), refusal.body)
