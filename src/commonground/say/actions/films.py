"""What an author does with the video of a draft."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _, gettext_lazy

from commonground.agency.models import Member
from commonground.kit.apart import TOO_MUCH, Unusable, apart
from commonground.kit.refusals import Refused
from commonground.record.actions import witness
from commonground.say import rules
from commonground.say.actions.laying import lay_out
from commonground.say.actions.writing import must_be_draft
from commonground.say.engine import film as films
from commonground.say.engine.captions import NotCaptions, clean_captions
from commonground.say.models import Post, Video

# Twenty seconds of 1080p took seven on two cores; ninety must be done on a slower machine as well.
PATIENCE, MEMORY = 120, 3 * 1024**3
REFUSALS = {
    "kind": gettext_lazy("This is not an MP4 or WebM video as phones and browsers write it."),
    "long": gettext_lazy("This video is longer than 90 seconds. Cut it and try again."),
    "size": gettext_lazy("This video has too many pixels, or too few. Save it as 1080p."),
    "broken": gettext_lazy("This video cannot be read. Save it again and try once more."),
    TOO_MUCH: gettext_lazy("This video is too much for this desk. Make it shorter or smaller."),
}
CAPTION_REFUSALS = {
    "kind": gettext_lazy("These are not captions in WebVTT: the file begins with WEBVTT."),
    "large": gettext_lazy("These captions are larger than 20 kB, or more than 500."),
    "empty": gettext_lazy(
        "There is no caption in this file. Where nobody speaks, say what is heard."
    ),
    "time": gettext_lazy(
        "A time in the captions cannot be read. Write it as 00:01.500 --> 00:04.000"
    ),
    "order": gettext_lazy(
        "The captions are not in the order of time, or one ends before it begins."
    ),
    "long": gettext_lazy("The captions go on after the end of the video. Are they of another one?"),
}


def add_video(
    post: Post, upload: bytes, captions: bytes, *, alt: str, language: str, by: Member
) -> Video:
    """Add a video, made anew from what is seen and heard, with its captions: never without.

    The long work is done apart, and outside of any transaction.
    """
    rules.may_touch_up(post, by)
    must_have_room(post)
    if not alt.strip():
        raise Refused(_("Describe the video for people who cannot see it."))
    if not films.is_possible():
        raise Refused(
            _("This desk cannot read videos yet: its operator must add the extra “video”.")
        )
    try:
        film = films.film_of(apart(films.WORK, upload, seconds=PATIENCE, memory=MEMORY))
        said = clean_captions(captions, film.seconds)
    except Unusable as why:
        raise Refused(str(REFUSALS.get(why.code, REFUSALS["broken"]))) from why
    except NotCaptions as why:
        raise Refused(str(CAPTION_REFUSALS[why.code])) from why
    return hang_video(post, film, said, alt=alt.strip()[:1500], language=language, by=by)


@transaction.atomic
def hang_video(
    post: Post, film: films.CleanFilm, captions: str, *, alt: str, language: str, by: Member
) -> Video:
    must_be_draft(post)
    must_have_room(post)
    video = Video.objects.create(
        post=post, content=film.content, sha256=film.sha256, type=film.type, width=film.width,
        height=film.height, seconds=film.seconds, alt=alt, captions=captions, language=language,
    )  # fmt: skip
    lay_out(post)
    witness("add_video", post, by=by, sha256=film.sha256)
    return video


def must_have_room(post: Post) -> None:
    if post.pictures.exists() or Video.objects.filter(post=post).exists():
        raise Refused(_("A post carries pictures or one video. Remove what is there first."))


@transaction.atomic
def remove_video(post: Post, *, by: Member) -> None:
    rules.may_change(post, by)
    must_be_draft(post)
    for video in Video.objects.filter(post=post):
        witness("remove_video", post, by=by, sha256=video.sha256)
        video.delete()
    lay_out(post)
