"""A notification in the vendor's form, with made-up values."""

CONTENT = (
    '{"Topic":"SalesEntries","ClientId":"11111111-2222-3333-4444-555555555555","Division":500001,'
    '"Action":"Update","Key":"aaaaaaaa-0000-4000-8000-000000000001","ExactOnlineEndpoint":'
    '"https://start.exactonline.be/api/v1/500001/salesentry/SalesEntries'
    '(guid\'aaaaaaaa-0000-4000-8000-000000000001\')","EventCreatedOn":"2026-03-05T10:15:30.123"}'
)
SECRET = "webhook-secret"  # noqa: S105
# HMAC-SHA256 of CONTENT with SECRET as the key.
HASH = "2072BE45155CEEBD5E80DCA7F6C6DBA5744EABEF7447761CC1E0A46FFAC9CBB1"


def notification(content=CONTENT, code=HASH):
    """The body of a call to the address that was registered."""
    return f'{{"Content":{content},"HashCode":"{code}"}}'.encode()
