"""A draft with a picture on the stage: a street with a number plate that nobody should read."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from commonground.say import actions as say
from commonground.say.engine.covering import Box
from commonground.say.models import Attachment
from tests.journeys.scene import person, written

PLATE = (420, 430, 560, 470)


def a_street() -> bytes:
    """A car on a wet road in the evening, drawn with a few shapes."""
    image = Image.new("RGB", (1000, 700), "#46566a")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 1000, 260), fill="#8fa3b8")
    draw.polygon([(380, 260), (620, 260), (1000, 700), (0, 700)], fill="#2c343d")
    draw.rounded_rectangle((330, 300, 670, 500), 40, fill="#9c3b30")
    draw.rounded_rectangle((380, 310, 620, 380), 20, fill="#c8d8e4")
    draw.rectangle(PLATE, fill="white")
    draw.text((432, 434), "HFX 204", fill="black", font=ImageFont.load_default(32))
    paper = BytesIO()
    image.save(paper, "JPEG", quality=92)
    return paper.getvalue()


def hang_a_picture() -> str:
    """Dov's draft about the road, with the picture as his phone took it."""
    post = written(person("dov"), "Mast Road is closed", "Mast Road is closed until six.")
    say.add_picture(post, a_street(), "A red car across both lanes of Mast Road", by=person("dov"))
    return post.get_absolute_url()


def cover_the_plate() -> str:
    post = hang_a_picture()
    picture = Attachment.objects.latest("pk")
    say.cover_picture(picture, [Box(415, 610, 150, 66)], by=person("dov"))
    return post


def picture_page() -> str:
    """Where its author draws on it."""
    post = cover_the_plate()
    return f"{post}pictures/{Attachment.objects.latest('pk').pk}/cover"


def what_is_public() -> list[list[int]]:
    """Of the newest picture: its boxes."""
    return list(Attachment.objects.latest("pk").boxes)
