"""What SAY holds: posts and who read them, deliveries and who carries them."""

from commonground.say.models.asking import ReviewRequest
from commonground.say.models.deliveries import Delivery, Restart, Shift, Watch
from commonground.say.models.glass import BrokenGlass, Verdict
from commonground.say.models.posts import Attachment, Post, Review, Variant, card_in

__all__ = [
    "Attachment",
    "BrokenGlass",
    "Delivery",
    "Post",
    "Restart",
    "Review",
    "ReviewRequest",
    "Shift",
    "Variant",
    "Verdict",
    "Watch",
    "card_in",
]
