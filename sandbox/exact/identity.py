"""The app, the users, and what each may do: scopes of the app, divisions and rights of a user.

Choices where the reference is silent: a scope that lacks is worded ``Cannot read`` for GET and
``Cannot manage`` for writes; a user's rights are complete unless limited per resource; a missing
right is 403 ``Forbidden`` without a ``Reason``. The order is user, division, consent, licence,
blocking, scope, right.
"""

from __future__ import annotations

import uuid
from fnmatch import fnmatchcase
from typing import Any

from ..kit.storage import Store
from .errors import Refusal

CLIENT_ID = "11111111-2222-3333-4444-555555555555"
CLIENT_SECRET = "sandbox-secret"
WEBHOOK_SECRET = "webhook-secret"
USER = "accountant"
PASSWORD = "secret"

APP = {
    "name": "Odoo",
    "client_id": CLIENT_ID,
    "client_secret": CLIENT_SECRET,
    "webhook_secret": WEBHOOK_SECRET,
    "redirect_uris": [],
    "without_scopes": [],
}
USERS: dict[str, dict[str, Any]] = {
    "accountant": {
        "full_name": "Els Vandersmissen",
        "first_name": "Els",
        "last_name": "Vandersmissen",
        "email": "els@kantoor.example",
        "language": "nl-BE",
        "divisions": [500001, 500002, 600001],
        "current_division": 500001,
    },
    "bookkeeper": {
        "full_name": "Marc Lambert",
        "first_name": "Marc",
        "last_name": "Lambert",
        "email": "marc@vandersmissen.example",
        "language": "fr-BE",
        "divisions": [500001],
        "current_division": 500001,
    },
}
STATES = ("blocked", "inactive")
LICENCES = ("BlockedCustomer", "LicenseExpired")


def seed_identity(store: Store) -> None:
    """The app and its users in an empty store."""
    store.keep("app", APP)
    store.keep(
        "users",
        {
            name: {
                "id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"exact-sandbox-user:{name}")),
                "password": PASSWORD,
                "blocked": False,
                "inactive": False,
                "rights": {},
                **user,
            }
            for name, user in USERS.items()
        },
    )


class Identity:
    """App and users of one sandbox."""

    def __init__(self, store: Store):
        self.store = store

    @property
    def app(self) -> dict:
        """The registered app: client_id, client_secret, redirect_uris, without_scopes, …"""
        return self.store.setting("app", APP)

    def change_app(self, **values: Any) -> dict:
        """Change the registration; raises ``ValueError`` for what an app does not have."""
        _only(values, self.app, "an app")
        self.store.keep("app", {**self.app, **values})
        return self.app

    def users(self) -> dict[str, dict]:
        """Users by login name."""
        return self.store.setting("users", {})

    def user(self, name: str) -> dict:
        """One user; raises ``ValueError`` when there is none."""
        if name not in self.users():
            raise ValueError(f"user {name} does not exist")
        return self.users()[name]

    def change_user(self, name: str, **values: Any) -> dict:
        """Change a user, or add one: password, divisions, language, blocked, inactive, rights
        (pattern of resources → allowed methods), …"""
        known = USERS[USER].keys() | {"password", "rights", *STATES}
        _only(values, known, "a user")
        user = self.users().get(name) or {
            **USERS[USER],
            "id": str(uuid.uuid4()),
            "password": PASSWORD,
            "full_name": name,
            "blocked": False,
            "inactive": False,
            "rights": {},
        }
        self.store.keep("users", {**self.users(), name: {**user, **values}})
        return self.shown(name)

    def shown(self, name: str) -> dict:
        """A user without the password."""
        return {**self.user(name), "password": "***"}

    def log_in(self, name: str, password: str) -> str | None:
        """None when the login is good, else what is wrong with it."""
        user = self.users().get(name)
        if not user or user["password"] != password:
            return "The user name or the password is not correct."
        if user["blocked"] or user["inactive"]:
            return "This user may not log in any more."
        return None

    # Checks -------------------------------------------------------------------------------------

    def check_user(self, name: str) -> None:
        """403 for a blocked or inactive user."""
        for state in STATES:
            if self.user(name)[state]:
                raise Refusal(403, "Forbidden", {"Reason": f"{state.capitalize()}User"})

    def check_division(self, name: str, granted: list[int], division: int, blocking: int) -> None:
        """403 when user or consent do not reach the division, or it is blocked.

        ``blocking`` is the division's BlockingStatus, 0 when it is open.
        """
        if division not in self.user(name)["divisions"]:
            raise Refusal(403, "Forbidden", {"Reason": "NoDivisionAccess"})
        if division not in granted:
            raise Refusal(403, "Forbidden - User division is not within division scope")
        licence = self.licence(division)
        if licence:
            raise Refusal(403, "Forbidden", {"Reason": licence})
        if blocking:
            raise Refusal(403, "Forbidden", {"Reason": "DivisionBlocked"})

    def check_scope(self, scope: str | None, method: str) -> None:
        """403 when the app was registered without the scope of an entity."""
        if scope and scope in self.app["without_scopes"]:
            verb = "read" if method == "GET" else "manage"
            name = scope.lower().replace(" ", ".")
            raise Refusal(
                403, f"Forbidden - Application Scope Violated. Cannot {verb} '{name}' scope."
            )

    def has_right(self, name: str, resource: str, method: str) -> bool:
        """Whether the user may call a resource (``crm/Accounts``) with a method."""
        for pattern, methods in self.user(name)["rights"].items():
            if fnmatchcase(resource, pattern):
                return method in methods
        return True

    # Licences -----------------------------------------------------------------------------------

    def licence(self, division: int) -> str | None:
        """Why the licence of a division does not work any more, None when it does."""
        return self.store.setting("licences", {}).get(str(division))

    def change_licence(self, division: int, reason: str | None) -> None:
        """Set or lift ``BlockedCustomer`` or ``LicenseExpired``."""
        if reason not in (None, *LICENCES):
            raise ValueError(f"licence is null or one of {', '.join(LICENCES)}")
        self.store.keep("licences", {**self.store.setting("licences", {}), str(division): reason})


def _only(values: dict, known: Any, what: str) -> None:
    if set(values) - set(known):
        raise ValueError(f"{what} has {', '.join(sorted(known))}")
