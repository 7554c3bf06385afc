"""Every screen of the desk and of the public site: its name, who looks, and where it stands.

An address in braces is one of the stage's: `{crash}` is the page of the crash's moment.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Screen:
    name: str
    path: str
    who: str | None = None
    wish: str | None = None  # what must happen on the stage before we look
    status: int = 200
    opened: bool = False  # with every folded part unfolded
    opener: str = "/"  # where one comes from

    def __str__(self) -> str:
        return self.name


DESK = [
    Screen("now", "/", "dov"),
    Screen("now, for an approver", "/", "ines"),
    Screen("moments", "/spot/", "dov"),
    Screen("moments, none", "/spot/?state=missed", "dov"),
    Screen("a moment", "{crash}", "dov", opened=True),
    Screen("a moment we answered", "{video}", "dov"),
    Screen("a moment that passed", "{passed}", "dov"),
    Screen("dismiss a moment", "{crash}dismiss/", "dov"),
    Screen("close a moment", "{crash}act/", "dov"),
    Screen("leave a moment to others", "{crash}join/", "dov"),
    Screen("a rumour", "{rumour}", "dov"),
    Screen("all rumours", "/spot/rumours/", "dov"),
    Screen("moments that ended in silence", "/spot/silent/", "dov"),
    Screen("how good is our spotting", "/spot/backtests/", "dov"),
    Screen("a back-test", "{measured}", "dov"),
    Screen("a back-test that runs", "{measuring}", "dov"),
    Screen("merge a moment", "{crash}merge/", "dov"),
    Screen("open moments, the panel as a page", "/spot/open/", "dov"),
    Screen("resources", "/spot/resources/", "jonas"),
    Screen("a resource", "{resource}", "jonas"),
    Screen("add a resource", "/spot/resources/new/", "jonas"),
    Screen("say", "/say/", "dov"),
    Screen("new post", "/say/new", "dov"),
    Screen("new post from a moment", "/say/new?moment={crash_id}", "dov"),
    Screen("compose", "{draft}write", "dov", opened=True),
    Screen("approve: what waits", "/say/waiting", "ines"),
    Screen("approve: one's own", "/say/waiting", "wren"),
    Screen("approve", "{waiting}approve", "ines"),
    Screen("a post in review", "{waiting}", "wren"),
    Screen("prepared texts, none", "/say/templates", "dov"),
    Screen("prepared texts", "/say/templates", "dov", wish="prepare_a_text"),
    Screen("new prepared text", "/say/templates/new", "dov"),
    Screen("who must read what, no rule", "/say/rules", "dov"),
    Screen("who must read what", "/say/rules", "jonas", wish="ask_two_people"),
    Screen("new rule on who must read what", "/say/rules/new", "jonas"),
    Screen("approve, the first of two", "{waiting}approve", "ines", wish="ask_two_people"),
    Screen("away", "{member}away/", "dov"),
    Screen("a post with a time", "{scheduled}", "ines", opened=True),
    Screen("a post that was seen", "{seen}", "ines", opened=True),
    Screen("a post taken back", "{withdrawn}", "ines"),
    Screen("a post in trouble", "{trouble}", "ines", wish="meet_trouble"),
    Screen("now, with trouble", "/", "ines", wish="meet_trouble"),
    Screen("calendar", "/say/calendar", "dov"),
    Screen("questions", "/ask/desk/", "dov"),
    Screen("new question", "/ask/desk/new/", "dov"),
    Screen("a question", "{question}", "ines"),
    Screen("a draft of a question", "{question_draft}", "wren"),
    Screen("change a question", "{question_draft}write/", "wren"),
    Screen("read and open a question", "{question_draft}open/", "ines"),
    Screen("a paused question", "{question_paused}", "ines"),
    Screen("a question decided", "{question_over}", "dov"),
    Screen("pause a question", "{question}pause/", "dov"),
    Screen("publish a finding", "{question_over}publish/", "ines"),
    Screen("make codes", "{question}codes/", "ines"),
    Screen("statements that wait", "{question}moderate/", "ines"),
    Screen("a statement", "{statement}", "ines"),
    Screen("refuse a statement", "{statement}refuse/", "ines"),
    Screen("merge a statement", "{statement}merge/", "ines"),
    Screen("the hall", "{question}hall/", "dov"),
    Screen("how would people take it, as a page", "/ask/desk/bridging/{draft_id}/", "dov"),
    Screen("calendar, with a post held", "/say/calendar", "ines", wish="call_it_grave"),
    Screen("a grave moment", "{crash}", "ines", wish="call_it_grave", opened=True),
    Screen("now, while something grave runs", "/", "ines", wish="call_it_grave"),
    Screen("a held post", "{scheduled}", "ines", wish="call_it_grave", opened=True),
    Screen("what waits, the panel as a page", "/say/queue/panel", "dov"),
    Screen("topics", "/hear/topics/", "ines"),
    Screen("a topic", "{topic}", "ines"),
    Screen("who looked at what", "/hear/topics/looks/", "ruth"),
    Screen("turn a topic down", "{topic}turn_down/", "ines"),
    Screen("propose a topic", "/hear/topics/propose/", "dov"),
    Screen("sources", "/hear/sources/", "jonas"),
    Screen("a source", "{source}", "jonas"),
    Screen("add a source", "/hear/sources/new/", "jonas"),
    Screen("listening, the panel as a page", "/hear/listening/", "dov"),
    Screen("channels", "/channels/", "jonas"),
    Screen("a channel", "{channel}", "jonas"),
    Screen("open a channel", "/channels/open/", "jonas"),
    Screen("sign a channel in", "{channel}sign-in/", "jonas"),
    Screen("choose an account's name", "{trouble}", "jonas", wish="name_an_account"),
    Screen("authorise a member", "{channel}authorise/", "jonas"),
    Screen("close a channel", "{channel}close/", "jonas"),
    Screen("record", "/record/", "ruth"),
    Screen("record, nothing found", "/record/?words=zebra", "ruth"),
    Screen("is the record whole", "/record/integrity/", "ruth"),
    Screen("members", "/agency/members/", "jonas"),
    Screen("a member", "{member}", "jonas"),
    Screen("invite a member", "/agency/members/invite/", "jonas"),
    Screen("stop everything", "/protect/stop/", "dov"),
    Screen("everything is stopped", "/protect/stop/", "ines", wish="stop_everything"),
    Screen("now, while stopped", "/", "ines", wish="stop_everything"),
    Screen("a draft that may go out alone", "{draft}", "dov", wish="let_dov_alone", opened=True),
    Screen("published alone, not looked at", "{trouble}", "ines", wish="break_the_glass"),
    Screen("now, with broken glass", "/", "ines", wish="break_the_glass"),
    Screen("alarms, none", "/protect/alarms/", "ines"),
    Screen("an alarm", "{trouble}", "ines", wish="meet_a_stranger"),
    Screen("an alarm, for an author", "{trouble}", "dov", wish="meet_a_stranger"),
    Screen("alarms", "/protect/alarms/", "ines", wish="meet_a_stranger"),
    Screen("now, with an alarm", "/", "ines", wish="meet_a_stranger"),
    Screen("help", "/desk/help/", "dov"),
    Screen("my sign-in", "/account/2fa/", "dov"),
    Screen("add a passkey", "/account/2fa/webauthn/add/", "dov"),
    Screen("one-time codes", "/account/2fa/totp/activate/", "dov"),
    Screen("passkeys", "/account/2fa/webauthn/", "dov"),
    Screen("recovery codes", "/account/2fa/recovery-codes/generate/", "dov"),
    Screen("change the password", "/account/password/change/", "dov"),
    Screen("confirm that it is you", "/account/reauthenticate/", "dov"),
    Screen("sign out", "/account/logout/", "dov"),
]
OPEN = [
    Screen("sign in", "/account/login/"),
    Screen("sign in, refused", "/account/login/?refused"),
    Screen("forgotten password", "/account/password/reset/"),
    Screen("newsroom", "/newsroom/"),
    Screen("a public post", "{public}"),
    Screen("a public post, taken back", "{stub}", status=410),
    Screen("our fediverse account", "/fediverse/police", wish="open_in_the_fediverse"),
    Screen("a note of our fediverse account", "{trouble}", wish="open_in_the_fediverse"),
    Screen("a note taken back", "{trouble}", wish="take_a_note_back", status=410),
    Screen("share on one's own server", "{public}/share/?server=mastodon.example"),
    Screen("find help", "/help/"),
    Screen("find help, in French", "/help/?language=fr"),
    Screen("follow us", "/follow/"),
    Screen("our accounts", "/accounts/"),
    Screen("our accounts, not ours", "/accounts/?account=@p0lice"),
    Screen("our accounts, ours", "/accounts/?account=police.harbour.example"),
    Screen("what we ask", "/ask/"),
    Screen("vote", "/ask/harbour/"),
    Screen("vote, in French", "/ask/harbour/?in=fr"),
    Screen("before the common ground", "/ask/harbour/meet/"),
    Screen("vote with a code", "/ask/harbour/code/"),
    Screen("what was not put to the vote", "/ask/harbour/log/"),
    Screen("a receipt, none", "/ask/harbour/receipt/"),
    Screen("a question that opens later", "/ask/later/"),
    Screen("a paused question, in public", "/ask/parade/"),
    Screen("what was decided", "/ask/summer/"),
    Screen("too few voters", "/ask/summer/meet/"),
    Screen("where people meet", "/ask/harbour/meet/", wish="close_the_harbour", opened=True),
    Screen("a closed question", "/ask/harbour/", wish="close_the_harbour"),
    Screen("what we listen for", "/listening/"),
    Screen("our promises", "/about/"),
    Screen("nothing here", "/nowhere/", status=404),
]
# Answers to forms that were sent in vain, by the page they were sent from.
REFUSALS = [
    Screen("not yours (403)", "{waiting}approve", "wren", status=403, opener="/say/"),
    Screen("moved on (409)", "{seen}approve", "ines", status=409, opener="/say/"),
    Screen("no token (403)", "/account/login/", status=403, opener="/about/"),
]
SCREENS = DESK + OPEN


def address(screen: Screen, places: dict[str, str]) -> str:
    ids = {f"{name}_id": places[name].rstrip("/").rsplit("/", 1)[-1] for name in ("crash", "draft")}
    return screen.path.format(**places, **ids)
