"""The desk plays the second person in somebody's first drill, so that nobody waits for another."""

from __future__ import annotations

from django.utils.translation import gettext as _

from commonground.kit.refusals import Refused
from commonground.say import actions as say
from commonground.say.models import Post
from commonground.say.states import State as PostState
from commonground.train.engine.reader import helps_nobody
from commonground.train.models import Drill, FirstRun


def read_as_the_desk(drill: Drill) -> None:
    """Whatever waits on a practice desk is read: sent back once if it helps nobody, else let out.

    On a desk where drills are held by several people this does nothing: there people read.
    """
    run: FirstRun | None = getattr(drill.agency, "first_run", None)
    if run is None:
        return
    waiting = Post.objects.filter(agency=drill.agency, state=PostState.IN_REVIEW)
    for post in waiting.select_related("author", "agency"):
        judge(drill, run, post)


def judge(drill: Drill, run: FirstRun, post: Post) -> None:
    sent_back = post.reviews.filter(verdict="send_back").exists()
    if not post.answers and not sent_back and helps_nobody(post.text, drill.plan):
        return send_back(run, post, _(
            "Nobody can do anything with this yet. Say what is closed, where to look, or that"
            " something is not known yet. Next time I let it pass as it is."
        ))  # fmt: skip
    try:
        say.approve(post, read=post.digest, by=run.reader)
    except Refused as why:
        send_back(run, post, str(why))
    return None


def send_back(run: FirstRun, post: Post, why: str) -> None:
    say.send_back(post, reason=why, read=post.digest, by=run.reader)
