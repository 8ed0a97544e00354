"""What a connection that goes by e-mail has on the pictures."""

BY_MAIL = {
    "channel": "mail",
    "mail_from": "boekhouding@vandersmissen.example",
    "mail_to": "uid4711@octopus.example",
}
