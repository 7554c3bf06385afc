"""What CONNECT holds: programs that may come in, and programs that are told."""

from commonground.connect.models.tokens import Asked, Token, Use, digest_of
from commonground.connect.models.webhooks import Bookmark, Notice, Webhook, WebhookSecret

__all__ = [
    "Asked",
    "Bookmark",
    "Notice",
    "Token",
    "Use",
    "Webhook",
    "WebhookSecret",
    "digest_of",
]
