"""The OAuth of Exact Online. The life of an access token, in seconds since it was issued::

    0                                        570      595  600
    ├── used by every worker ────────────────┼────────┼────┼──────────────────► 30 days
    │                                        │        │    │
    │   a refresh is refused (too early)     │ the first who needs it refreshes it, whenever
    │                                        │        │    │ that is; nothing does it by a timer
    │                                        │        └ no request begins with less than 5 s left

*Too early* means that the server holds the token for younger than 570, so that it lives another
30 s at least whatever our clock says. Source of the figures: the vendor's pages on OAuth and what
its users report.
"""

from datetime import timedelta

from odoo.addons.accountable_connect.api.oauth_tokens import (
    CODE,
    REFRESH,
    REFUSALS,
    OAuthPolicy,
    Refusal,
)

_ENDED = r"(?:has |is |was |has been )?(?:expired|revoked|withdrawn|no longer valid)"


def is_too_early(answer):
    reason = answer.headers.get("Reason", "").lower()
    return answer.status in (400, 401, 403) and (
        reason.startswith("tooearly") or b"access_token not expired" in answer.content
    )


OAUTH = OAuthPolicy(
    vendor="Exact",
    authorise="/api/oauth2/auth",
    token="/api/oauth2/token",  # noqa: S106
    parameters={"force_login": "0"},
    life=600,
    use_for=timedelta(seconds=570),
    is_too_early=is_too_early,
    # Unused for thirty days it ends; that leaves ten for a server that was off, or an Exact Online
    # that does not answer.
    longest_rest=timedelta(days=20),
    # 200 token calls a day per app and user; nothing tells when the count starts again.
    limit_wait=timedelta(minutes=15),
    refusals=(
        Refusal(code="old_refresh_token", pattern="old refresh token"),
        # Expiry is reported as ``invalid_request``, which is the word for a wrong app too.
        Refusal(
            code="code_refused",
            pattern=rf"\bcode {_ENDED}\b|\bexpired (?:authori[sz]ation )?code\b",
            grant=CODE,
        ),
        Refusal(
            code="consent_expired",
            pattern=rf"\brefresh[ _]token {_ENDED}\b|\b(?:expired|revoked) refresh[ _]token\b",
            grant=REFRESH,
        ),
        *REFUSALS,
    ),
)
