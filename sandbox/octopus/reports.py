"""Open items and history."""
