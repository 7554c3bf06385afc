"""What stands on the stage: the practice city on a Friday evening, fifty minutes after a crash.

The moments were raised by the desk itself from the harbour scenario; `heard.json` keeps what it
made of that stream, so that a journey need not hear 24,000 posts first. All else is done by the
same actions people use, each at its own time, so the record tells a true story.
"""

from __future__ import annotations

import json
import tomllib
from datetime import datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from tools.demo import asking as demo

from commonground.agency.models import Agency, Member
from commonground.ask import actions as ask, queries as asked, tasks as asking
from commonground.ask.models import Question
from commonground.channels import actions as channels
from commonground.channels.contract import Message, Picture, Receipt, Sighting
from commonground.channels.contract.pretend import Clock, Place
from commonground.channels.models import Channel
from commonground.channels.networks import networks
from commonground.channels.networks.bluesky.fake import fake as bluesky
from commonground.channels.networks.mail import joining
from commonground.channels.networks.mail.models import Subscriber
from commonground.channels.networks.mail.writing import confirm_link
from commonground.channels.networks.mastodon.fake import fake as mastodon
from commonground.channels.networks.push import endpoints, joining as devices
from commonground.channels.networks.push.adapter import voice_of
from commonground.hear import actions as hear
from commonground.hear.models import Overheard, Source
from commonground.protect import actions as protect
from commonground.protect.engine.lookout import Odd, What
from commonground.record import actions as record
from commonground.say import actions as say, queries, tasks
from commonground.say.engine.delivering import Note
from commonground.say.engine.words import Words
from commonground.say.models import Post, Variant
from commonground.spot import actions as spot
from commonground.spot.models import Exemplar, Match, Moment, Tally
from commonground.train.actions import found_agency

PASSWORD = "harbour lights 2026"
HEARD = Path(__file__).with_name("heard.json")
MEASURED = Path(__file__).with_name("measured.json")
DEMO_WORDS = Path(__file__).parents[2] / "tools/demo/words.toml"
POSTS_A_DAY = 9717
PEOPLE = ("dov", "luc", "wren", "ines", "amara", "jonas", "hana", "ruth", "priya")
IN_THE_DRILL = {
    "trainer": "drill.chief@harbour.example", "trainee": "drill.author@harbour.example"
}  # fmt: skip
SECRETS = {"mastodon": {"token": "a token of the fake"},
           "bluesky": {"app_password": "a password of the fake"}}  # fmt: skip


class Building:
    """One evening's history, told in order. Every step says how long before now it was."""

    def __init__(self, clock: time_machine.Traveller, now: datetime) -> None:
        self.clock, self.now = clock, now

    def ago(self, **time: float) -> None:
        self.clock.move_to(self.now - timedelta(**time))

    def build(self) -> None:
        self.ago(days=20)
        agency = found_agency("harbour", password=PASSWORD)
        # Its clock jumps by months, and most journeys are not about signing in.
        Agency.objects.update(days_for_factors=1000)
        self.ago(days=19)
        sign_in_channels(agency)
        self.ago(days=4)
        take_one_back()
        for row in json.loads(HEARD.read_text()):
            self.clock.move_to(datetime.fromisoformat(row["moment"]["opened_at"]))
            raise_moment(agency, row)
        answer_the_video(self)
        self.ago(minutes=25)
        leave_things_to_do(self.now)
        self.ago(minutes=2)
        hear_rumours(agency)
        listen_to_sources(agency, self.now)
        overhear(agency, self.now)
        for channel in agency.channels.all():
            channels.prove(channel)
        ask_the_public(agency)
        measure(self)
        record.verify()
        self.clock.move_to(self.now)


def person(name: str) -> Member:
    return Member.objects.get(email__startswith=f"{name}.")


class TheSameClock(Clock):
    """The networks' time is the desk's."""

    def now(self) -> datetime:
        return timezone.now()


def pretend() -> list[Place]:
    """Both foreign networks, in memory and with our names on them."""
    social, sky = mastodon(), bluesky()
    social.handle, social.home = "@police@social.harbour.example", "https://social.harbour.example"
    sky.handle, sky.home = "police.harbour.example", "https://sky.harbour.example"
    sky.numbers = social.numbers  # keys of two networks are never alike
    for name, place in (("mastodon", social), ("bluesky", sky)):
        place.clock = TheSameClock()
        networks()[name] = place.as_network()
    return [social, sky]


def sign_in_channels(agency: Agency) -> None:
    for channel in agency.channels.all():
        if channel.network in SECRETS:
            channels.sign_in(channel, SECRETS[channel.network], by=person("jonas"))
        else:
            channels.prove(channel)


def raise_moment(agency: Agency, row: dict[str, Any]) -> None:
    """A moment as the desk kept it, with its curve, its examples and the help that fits."""
    told = row["moment"]
    times = {k: datetime.fromisoformat(v) for k, v in told.items() if k.endswith("_at")}
    moment = Moment.objects.create(agency=agency, **{**told, **times})
    record.witness(
        "open_moment", moment, by=record.THE_DESK, why=moment.why, count=moment.count,
        usual=round(moment.usual, 3), surprise=round(moment.surprise, 1),
        scale_minutes=moment.scale_minutes,
    )  # fmt: skip
    for name, score in row["matches"]:
        Match.objects.create(moment=moment, resource=agency.resources.get(name=name), score=score)
    for post in row["exemplars"]:
        Exemplar.objects.create(moment=moment, **{**post, "at": datetime.fromisoformat(post["at"])})
    Tally.objects.bulk_create(
        Tally(moment=moment, at=datetime.fromisoformat(at), count=n, usual=row["usual"])
        for at, n in row["tallies"]
    )


def moment_about(word: str) -> Moment:
    """The one with the most posts whose label has this word."""
    return Moment.objects.filter(label__icontains=word).order_by("-volume")[0]


def written(by: Member, title: str, text: str, *, short: str = "", moment: Moment | None = None,
            at: datetime | None = None) -> Post:  # fmt: skip
    """A draft for every channel its author may speak on; `short` is for those with little room."""
    helps = [m.resource for m in moment.matches.all()[:3]] if moment else []
    post = say.begin(by=by, moment=moment, resources=helps, title=title, text=text)
    spoken = list(queries.spoken_by(by))
    small = {c.pk: short for c in spoken if short and c.network != "site"}
    words = Words(title=title, text=text, language="en", go_out_at=at, detached=small,
                  channels=frozenset(c.pk for c in spoken))  # fmt: skip
    return say.write(post, words, by=by)


def agreed(post: Post, *, by: str = "ines") -> Post:
    say.submit(post, by=post.author)
    return say.approve(post, read=post.digest, by=person(by))


def take_one_back() -> None:
    post = agreed(written(
        person("wren"), "Swimming at Whimbrel Park",
        "The water at Whimbrel Park is clean again. Swimming is open from Saturday.",
    ))  # fmt: skip
    tasks.go_out()
    post.refresh_from_db()
    say.withdraw(post, reason="The day was wrong: swimming opens on Sunday.", by=person("ines"))
    tasks.take_back()


def answer_the_video(building: Building) -> None:
    """The first moment was answered forty minutes after it opened."""
    moment = moment_about("abuse")
    words = tomllib.loads(DEMO_WORDS.read_text())["video"]
    helps = queries.opening([m.resource for m in moment.matches.all()[:3]])
    building.clock.move_to(moment.opened_at + timedelta(minutes=26))
    text = f"{words['text'].strip()}\n\n{helps}"
    post = written(person("luc"), words["title"], text, moment=moment,
                   short=f"{words['short']}\n{helps.splitlines()[0]}")  # fmt: skip
    building.clock.move_to(moment.opened_at + timedelta(minutes=38))
    agreed(post)
    building.clock.move_to(moment.opened_at + timedelta(minutes=39))
    tasks.go_out()


def leave_things_to_do(now: datetime) -> None:
    """One post to approve, one on its way, one begun, and a small moment let pass."""
    wren, dov = person("wren"), person("dov")
    waiting = written(
        wren, "Night bus after the match", "The last night bus leaves the rink at half past one. "
        "It stops at every corner of Upper Terrace. Tell the driver if you feel unsafe.",
    )  # fmt: skip
    say.submit(waiting, by=wren)
    agreed(written(
        wren, "Coffee with an officer", "Saturday at eleven in the Netmakers' Row library: bring "
        "your questions. We bring coffee, and interpreters for French and Spanish.",
        at=now + timedelta(hours=13),
    ))  # fmt: skip
    written(dov, "Road works on Pilot Street", "Pilot Street is down to one lane until Tuesday.")
    small = Moment.objects.exclude(label__icontains="crash").exclude(label__icontains="abuse")
    for moment in small:
        spot.dismiss(moment, by=dov, reason="The fire line has it, and has told the school.")


def measure(building: Building) -> None:
    """The report the command made of the harbour scenario, one that failed, and one that runs."""
    settings, jonas = {"alarms_per_day": 0.2, "files": ["harbour.jsonl"]}, person("jonas")
    building.ago(days=2)
    first = spot.begin_backtest("Harbour", settings=settings, by=jonas)
    spot.finish_backtest(first, json.loads(MEASURED.read_text()))
    second = spot.begin_backtest("Last winter's storms", settings=settings, by=jonas)
    spot.fail_backtest(second, "storm.jsonl.gz holds no posts that can be read.")
    building.ago(minutes=1)
    third = spot.begin_backtest("Our own spring", settings=settings, by=jonas)
    spot.tell_progress(third, "bridge, laid in with seed 2; 14 to go")


def hear_rumours(agency: Agency) -> None:
    """Two rumours about the crash, a line with too many callers, and a topic to decide about."""
    wren, dov = person("wren"), person("dov")
    crash = moment_about("crash")
    first = spot.log_rumour(crash, claim="The driver was an off-duty officer.", by=wren)
    spot.check(first, by=dov)
    second = spot.log_rumour(crash, claim="The bridge is closed until Monday.", by=dov)
    spot.check(second, by=wren)
    spot.find_false(second, known="One lane is open; the road office says so.", by=wren)
    spot.answer_rumour(second, answer="Newsroom, the post about the diversion", by=wren)
    spot.overload_resource(crash.matches.first().resource, hours=12, by=dov)
    hear.propose_topic(
        agency, name="Ice on the quays", purpose="To warn early and say where it is gritted.",
        watch={"en": ["black ice", "slipped on the quay"], "fr": ["verglas"]},
        exclude={"en": ["ice hockey"]}, places={"Quay Street": ["the quays"], "Mill Cove": []},
        expires_on=timezone.now() + timedelta(days=60), by=dov,
    )  # fmt: skip


def listen_to_sources(agency: Agency, now: datetime) -> None:
    """Two sources that speak and one that has fallen silent, as the hearing keeps them."""
    for source in agency.sources.exclude(kind="replay"):
        hear.change_source(source, on=True, by=person("jonas"))
    heard = {"jetstream": (seconds(4), 18211), "mastodon": (seconds(31), 2406),
             "feed": (seconds(5200), 96)}  # fmt: skip
    for kind, (quiet, items) in heard.items():
        Source.objects.filter(agency=agency, kind=kind).update(
            last_item_at=now - quiet, looked_at=now - seconds(4), items=items,
            usual_gap=900 if kind == "feed" else 3,
        )  # fmt: skip


def overhear(agency: Agency, now: datetime) -> None:
    """As many posts as the practice city writes in a day, with no words in them."""
    source, kept_until = agency.sources.get(kind="jetstream"), now + timedelta(hours=24)
    Overheard.objects.bulk_create(
        Overheard(agency=agency, source=source, upstream=str(n), at=now - seconds(n * 8),
                  text="...", voice="", delete_at=kept_until)
        for n in range(POSTS_A_DAY)
    )  # fmt: skip


def ask_the_public(agency: Agency) -> None:
    """The demo's question with its votes, and others in every state a question can be in."""
    question = demo.ask(agency)
    demo.answer(question, voters=320, tier="open", seed=demo.SEED)
    demo.answer(question, voters=40, tier="resident", seed=demo.SEED + 1)
    demo.send(question)
    asking.pictured(question)
    asking.seal_ballots()
    wren, ines = person("wren"), person("ines")
    for word in ("bridge", "parade", "summer", "later"):
        other = ask.draft(
            agency, by=wren, word=word, title=f"What should change about the {word}?",
            purpose="The plan is written in May.", languages=["en"], tiers=["open"],
            seeds=["More light.", "Fewer cars.", "A bench at each corner."],
            opens_at=timezone.now() + timedelta(days=3) if word == "later" else None,
        )  # fmt: skip
        if word != "bridge":
            ask.open(other, read=asked.digest_of(other), by=ines)
        if word == "parade":
            ask.pause(other, reason="A statement named somebody. We look at it.", by=wren)
        if word == "summer":
            ask.close(other, by=ines)
            ask.publish(other, decided="Lights on both sides from June.", by=ines,
                        not_decided="No benches yet: the quay wall is mended first.",
                        why="All groups asked for light. Benches need the wall.")  # fmt: skip


def close_the_harbour() -> None:
    question = Question.objects.get(word="harbour")
    ask.close(question, by=person("ines"))


def make_a_code() -> str:
    """One code on paper, for whoever comes."""
    question = Question.objects.get(word="harbour")
    return ask.make_codes(question, many=1, by=person("ines"))[0]


def question_at(word: str, *, of: str = "") -> str:
    """The desk's page of a question."""
    return f"/ask/desk/{Question.objects.get(word=word).pk}/{of}"


def a_statement_that_waits() -> str:
    waiting = Question.objects.get(word="harbour").statements.filter(state="waiting")
    return str(waiting.earliest("number").get_absolute_url())


def seconds(n: int) -> timedelta:
    return timedelta(seconds=n)


def stop_everything() -> None:
    protect.stop(person("amara").agency, reason="A stranger may be in our account.",
                 by=person("amara"))  # fmt: skip


IN_PARTS = (
    "Harbour Bridge is closed in both directions after a collision near the St. Mary exit. Two "
    "people were taken to hospital. Please use the quay road, and let ambulances pass.\n\nIf you "
    "were there between 15:00 and 15:20, call the desk on 780 555 0123 or write to us: "
    "https://police.portsable.example/bridge #HarbourBridge\n\nBuses 4 and 12 go around by the "
    "hospital until the bridge is open again. That will not be before tomorrow at noon, because "
    "the railing has to be made safe first.\n\nWe will say more here at 18:00. If you look for "
    "somebody, the hospital answers on 780 555 0199, day and night."
)


def a_thread() -> Post:
    """A draft that is too long for two of its channels, and may be parted there."""
    post = written(person("luc"), "Harbour Bridge is closed", IN_PARTS)
    Post.objects.filter(pk=post.pk).update(parting="numbered")
    post.refresh_from_db()
    return post


def write_a_thread() -> str:
    return a_thread().get_absolute_url()


def ask_for_a_thread() -> str:
    post = a_thread()
    return say.submit(post, by=post.author).get_absolute_url()


def break_a_thread() -> str:
    """A thread whose last part the network refused."""
    post = agreed(a_thread())
    say.start(post)
    newsroom, _, sky = sorted(queries.deliveries_of(post), key=network_order)
    tasks.deliver(newsroom.delivery)
    for part in sky.deliveries.order_by("part"):
        if part.part < len(sky.parts):
            tasks.deliver(part)
            continue
        say.claim(part)
        say.attempt(part)
        say.note(part, Note("decline", "This account may not post at the moment."))
    return post.get_absolute_url()


def meet_trouble() -> str:
    """A delivery that only a person can settle, and one that its network refused."""
    post = agreed(written(person("luc"), "Mast Road is closed", "Mast Road is closed until six."))
    say.start(post)
    newsroom, social, sky = sorted(queries.deliveries_of(post), key=network_order)
    tasks.deliver(newsroom.delivery)
    for variant in (social, sky):
        say.claim(variant.delivery)
        say.attempt(variant.delivery)
    say.note(social.delivery, Note("hand_over", "cannot tell"))
    say.note(sky.delivery, Note("decline", "This account may not post at the moment."))
    return post.get_absolute_url()


LETTERS = ("3mggplnbck223", "3mggplnbck224")  # their names, which stand in addresses of screens


def keep_a_list() -> str:
    """A list by e-mail with two letters, one of them withdrawn; and a link that waits for a yes."""
    jonas = person("jonas")
    ours = channels.open_channel(
        jonas.agency, "mail", "Letters from the harbour", by=jonas, purpose="Closures and ice"
    )
    # As if a mail server had let us in.
    Channel.objects.filter(pk=ours.pk).update(state="ready", trouble="")
    street, error = LETTERS
    adapter = ours.adapter()
    for key, text in ((street, "Mast Road is closed until six."), (error, "Said in error.")):
        adapter.publish(Message(text, title="Mast Road", pictures=(a_picture(),)), key=key)
    adapter.withdraw(Receipt(error, ""), why="It was another street.")
    for n in range(40):
        joining.ask(ours.pk, typed=f"r{n}@sable.example", language="en", come_from=f"10.0.{n}.1")
    reader, *others = Subscriber.objects.filter(channel=ours)
    for other in others:
        joining.confirm(other)
    joining.leave(others[0].token)
    return urlsplit(confirm_link(reader)).path


def run_a_list() -> str:
    keep_a_list()
    return reverse("channels:channel", args=[person("dov").agency.channels.get(network="mail").pk])


NOTICES = ("3mggplnbck225", "3mggplnbck226")


def keep_notices() -> str:
    """A channel of notices, on forty devices, with two notices, one of them withdrawn."""
    jonas = person("jonas")
    ours = channels.open_channel(
        jonas.agency, "push", "Notices from the harbour", by=jonas, purpose="Closures and ice"
    )
    street, error = NOTICES
    adapter = ours.adapter()
    for key, text in ((street, "Mast Road is closed until six."), (error, "Said in error.")):
        adapter.publish(Message(text, title="Mast Road", pictures=(a_picture(),)), key=key)
    adapter.withdraw(Receipt(error, ""), why="It was another street.")
    point, secret = voice_of(str(ours.pk)).public, "A" * 22
    for n in range(40):
        where = endpoints.as_given(f"https://web.push.apple.com/{n}", point, secret)
        devices.join(ours.pk, where, language="en", come_from=f"10.0.{n}.1")
    devices.leave(ours.pk, "https://web.push.apple.com/0")
    return reverse("channels:channel", args=[ours.pk])


def a_picture() -> Picture:
    paper = BytesIO()
    Image.new("RGB", (64, 48), "navy").save(paper, "PNG")
    return Picture(paper.getvalue(), "image/png", "A closed road", 64, 48)


def meet_a_stranger() -> str:
    """Somebody else posts from our account on Mastodon."""
    ours = person("luc").agency.channels.get(network="mastodon")
    words = "Everybody must leave the harbour now. Share this!"
    seen = Sighting(Receipt("113", "https://social.example/@police/113"), words, timezone.now())
    alarm = protect.raise_alarm(ours, Odd(What.FOREIGN, "113", seen))
    return alarm.get_absolute_url() if alarm else ""


def call_it_grave() -> None:
    """The crash is grave while three posts wait; somebody holds the coffee until it is over."""
    wren, crash = person("wren"), moment_about("crash")
    soon = timezone.now() + timedelta(hours=3)
    agreed(written(wren, "Fireworks on the harbour wall", "Fireworks on the harbour wall at ten! "
                   "Come early: the crash of the first rocket is the best.", at=soon))  # fmt: skip
    agreed(written(wren, "Office hours", "From Monday we are here from eight to six.", at=soon))
    spot.call_grave(crash, grave=True, by=person("dov"))
    coffee = Post.objects.get(title="Coffee with an officer")
    say.hold(coffee, reason="People are hurt.", by=person("dov"), moment=crash)


def break_the_glass() -> str:
    """At night, alone: leadership had let Luc, and nobody has looked at it yet."""
    luc = person("luc")
    luc.authorisations.update(alone=True)
    post = written(luc, "Leave Pilot Street", "Gas on Pilot Street. Walk to the harbour now.")
    say.break_glass(post, reason="Gas, and nobody else is awake.", read=post.digest, by=luc)
    return post.get_absolute_url()


def let_dov_alone() -> None:
    person("dov").authorisations.update(alone=True)


def prepare_a_text() -> str:
    template = say.add_template(
        name="Closed road", language="en", title="[[Road]] is closed",
        text="[[Road]] is closed until [[time]]. Please go round by Pilot Street.",
        by=person("dov"),
    )  # fmt: skip
    return f"/say/templates/{template.pk}/start"


def ask_a_company() -> None:
    """The Mastodon channel becomes one of a company, whose sign-in ends in three days."""
    ours = Agency.objects.get(drill=False).channels.filter(network="mastodon")
    ours.update(network="threads", signed_in_until=timezone.now() + timedelta(days=3))


def open_a_mailbox() -> str:
    """One whose address nobody has said yet."""
    jonas = person("jonas")
    channel = channels.open_channel(jonas.agency, "mailbox", "Questions by e-mail", by=jonas)
    return reverse("channels:channel", args=[channel.pk])


def open_in_the_fediverse() -> str:
    """Our own account there, and something it said."""
    jonas = person("jonas")
    channel = channels.open_channel(
        jonas.agency, "fediverse", "Fediverse", by=jonas, purpose="Roads, ferries and the harbour"
    )
    channels.sign_in(channel, {}, handle="police", by=jonas)
    account = channel.adapter()
    said = Message("The ferry runs again. Times: https://harbour.example/ferry")
    receipt = account.publish(said, key=account.new_key(timezone.now()))
    return f"/fediverse/police/notes/{receipt.network_id}"


def take_a_note_back() -> str:
    place = open_in_the_fediverse()
    account = person("jonas").agency.channels.get(network="fediverse").adapter()
    account.withdraw(Receipt(place.rpartition("/")[2], place))
    return place


def name_an_account() -> str:
    """A fediverse account that has no name yet: where it is chosen."""
    jonas = person("jonas")
    opened = channels.open_channel(jonas.agency, "fediverse", "Fediverse", by=jonas)
    return reverse("channels:sign_in", args=[opened.pk])


def ask_two_people() -> None:
    """At night, and for what is urgent, two people read a post, the first of them of one unit."""
    agency, jonas = Agency.objects.get(drill=False), person("jonas")
    ines = person("ines")
    ines.unit = ines.unit or agency.units.first() or agency.units.create(name="Duty office")
    ines.save()
    said: Any = {
        "name": "Every post", "channels": [], "unit": None, "topic": "", "urgent": None,
        "starts": None, "ends": None,
        "steps": [{"people": 1, "unit": str(ines.unit_id)}, {"people": 1, "unit": ""}],
    }  # fmt: skip
    night = {**said, "name": "Between ten and six", "urgent": True,
             "channels": [agency.channels.get(network="mastodon")],
             "starts": time(22), "ends": time(6), "steps": [{"people": 2, "unit": ""}]}  # fmt: skip
    say.add_review_rule(agency, night, by=jonas)
    say.add_review_rule(agency, said, by=jonas)


def draft_the_crash() -> str:
    """What an author has after ten minutes: the demo's own words, and the help that fits."""
    moment = moment_about("crash")
    words = tomllib.loads(DEMO_WORDS.read_text())["crash"]
    helps = queries.opening([m.resource for m in moment.matches.all()[:3]])
    text, short = words["text"].strip(), words["short"]
    post = written(person("dov"), words["title"], f"{text}\n\n{helps}", moment=moment,
                   short=f"{short}\n{helps.splitlines()[0]}")  # fmt: skip
    return post.get_absolute_url()


def the_newest() -> Post:
    return Post.objects.latest("made_at")


def send_for_approval() -> None:
    say.submit(the_newest(), by=the_newest().author)


def agree() -> None:
    say.approve(the_newest(), read=the_newest().digest, by=person("ines"))


def go_out() -> None:
    """One round of the worker."""
    tasks.go_out()


def newest_page() -> str:
    """Where the public reads it."""
    return str(the_newest().variants.get(channel__network="site").delivery.url)


def network_order(variant: Variant) -> int:
    return ["site", "mastodon", "bluesky"].index(variant.channel.network)


def sessions() -> dict[str, str]:
    """Somebody signed in a moment ago, for journeys that are not about signing in."""
    cookies = {}
    emails = {name: person(name).email for name in PEOPLE} | IN_THE_DRILL
    for name, email in emails.items():
        visitor = Client(headers={"host": "localhost"})
        typed = {"login": email, "password": PASSWORD}
        visitor.post(reverse("account_login"), typed)
        visitor.post(reverse("account_reauthenticate"), typed)
        session = visitor.session  # a journey takes longer than five minutes, and its clock jumps
        session["proved_at"] += 12 * 3600
        session.save()
        cookies[name] = visitor.cookies["sessionid"].value
    return cookies


def addresses() -> dict[str, str]:
    """Addresses of what stands here, by the name a journey calls it."""
    posts = {p.title: p for p in Post.objects.select_related("agency")}
    agency = person("dov").agency
    video = next(p for t, p in posts.items() if "video" in t)
    newsroom = agency.channels.get(network="site")
    public = {p.title: p.variants.get(channel=newsroom).delivery.url
              for p in (video, posts["Swimming at Whimbrel Park"])}  # fmt: skip
    return {
        "crash": moment_about("crash").get_absolute_url(),
        "video": moment_about("abuse").get_absolute_url(),
        "passed": Moment.objects.filter(state="passed")[0].get_absolute_url(),
        "draft": posts["Road works on Pilot Street"].get_absolute_url(),
        "waiting": posts["Night bus after the match"].get_absolute_url(),
        "scheduled": posts["Coffee with an officer"].get_absolute_url(),
        "seen": video.get_absolute_url(),
        "withdrawn": posts["Swimming at Whimbrel Park"].get_absolute_url(),
        "public": public[video.title],
        "stub": public["Swimming at Whimbrel Park"],
        "channel": reverse("channels:channel", args=[agency.channels.get(network="mastodon").pk]),
        "member": reverse("agency:member", args=[person("dov").pk]),
        "resource": reverse("spot:resource", args=[agency.resources.first().pk]),
        "topic": reverse("hear:topic", args=[agency.topics.get(state="proposed").pk]),
        "rumour": reverse("spot:rumour", args=[agency.rumours.get(state="checking").pk]),
        "question": question_at("harbour"),
        "question_draft": question_at("bridge"),
        "question_paused": question_at("parade"),
        "question_over": question_at("summer"),
        "statement": a_statement_that_waits(),
        "measured": agency.backtests.get(name="Harbour").get_absolute_url(),
        "measuring": agency.backtests.get(name="Our own spring").get_absolute_url(),
        "source": reverse("hear:source", args=[agency.sources.get(kind="feed").pk]),
    }
