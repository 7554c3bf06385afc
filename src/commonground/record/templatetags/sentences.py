"""Entries as sentences: "Officer Reyes approved the post “Roads are icy”"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy as _

from commonground.record.actions import THE_DESK
from commonground.record.models import Entry

register = template.Library()

# What each verb of the desk reads like. A test finds verbs that are missing here.
VERBS = {
    "accept": _("%(who)s accepted %(what)s"),
    "acknowledge": _("%(who)s took note of %(what)s"),
    "act": _("%(who)s acted on %(what)s"),
    "add": _("%(who)s added %(what)s"),
    "add_statement": _("%(who)s added %(what)s"),
    "add_picture": _("%(who)s added a picture to %(what)s"),
    "add_video": _("%(who)s added a video to %(what)s"),
    "remove_video": _("%(who)s removed the video from %(what)s"),
    "cover_picture": _("%(who)s covered parts of a picture of %(what)s"),
    "point_picture": _("%(who)s chose what stays in sight of a picture of %(what)s"),
    "forget_uncovered": _("%(who)s destroyed what was under the covers of %(what)s"),
    "add_resource": _("%(who)s added %(what)s"),
    "add_source": _("%(who)s added %(what)s"),
    "add_way_in": _("%(who)s added a way to sign in: %(what)s"),
    "agree_to_restart": _("%(who)s agreed to start again after %(what)s"),
    "approve": _("%(who)s approved %(what)s"),
    "add_review_rule": _("%(who)s made a rule on who must read what: %(what)s"),
    "add_template": _("%(who)s prepared a text: %(what)s"),
    "add_version": _("%(who)s began another version of %(what)s"),
    "change_version": _("%(who)s changed a version of %(what)s"),
    "confirm_version": _("%(who)s found that a version still holds: %(what)s"),
    "remove_version": _("%(who)s removed a version of %(what)s"),
    "add_area": _("%(who)s added %(what)s"),
    "change_area": _("%(who)s changed what is known of %(what)s"),
    "remove_area": _("%(who)s removed %(what)s"),
    "agree": _("%(who)s said yes, and others must too: %(what)s"),
    "attempt": _("%(who)s began to send %(what)s"),
    "authorise": _("%(who)s authorised %(what)s"),
    "award": _("%(who)s awarded %(what)s"),
    "tell_of_sign_in": _("%(who)s told the administrators that %(what)s must be signed in"),
    "make_calendar_key": _("%(who)s made an address for their own calendar"),
    "end_calendar_key": _("%(who)s ended the address for their own calendar"),
    "begin_series": _("%(who)s planned what comes again: %(what)s"),
    "change_series": _("%(who)s changed what comes again, from a day on: %(what)s"),
    "undo_change_series": _("%(who)s undid the change of what comes again: %(what)s"),
    "end_series": _("%(who)s ended what came again: %(what)s"),
    "resume_series": _("%(who)s let it come again: %(what)s"),
    "skip_occurrence": _("%(who)s left out one day of %(what)s"),
    "restore_occurrence": _("%(who)s put back a day of %(what)s"),
    "tell_of_series": _("%(who)s told people that %(what)s cannot go on"),
    "begin_campaign": _("%(who)s began %(what)s"),
    "change_campaign": _("%(who)s changed %(what)s"),
    "join_campaign": _("%(who)s put into a campaign: %(what)s"),
    "leave_campaign": _("%(who)s took out of its campaign: %(what)s"),
    "hold_campaign": _("%(who)s held back all of %(what)s"),
    "release_campaign": _("%(who)s let go again all of %(what)s"),
    "offer_echo": _("%(who)s offered colleagues to pass on %(what)s"),
    "end_offer": _("%(who)s ended the offer to pass on %(what)s"),
    "begin": _("%(who)s began %(what)s"),
    "begin_backtest": _("%(who)s began to measure the spotting: %(what)s"),
    "finish_backtest": _("%(who)s measured the spotting: %(what)s"),
    "fail_backtest": _("%(who)s could not measure the spotting: %(what)s"),
    "break_off": _("%(who)s broke off a thread and takes back what is out: %(what)s"),
    "break_glass": _("%(who)s published without a second person: %(what)s"),
    "brake": _("%(who)s held back, for so much goes out at once, %(what)s"),
    "capture": _("%(who)s captured what the public sees of %(what)s"),
    "change": _("%(who)s changed %(what)s"),
    "choose_password": _("%(who)s chose a new password: %(what)s"),
    "change_review_rule": _("%(who)s changed who must read what: %(what)s"),
    "change_resource": _("%(who)s changed %(what)s"),
    "change_source": _("%(who)s changed %(what)s"),
    "check_account": _("%(who)s looked how %(what)s is kept"),
    "check_resource": _("%(who)s checked %(what)s"),
    "close": _("%(who)s closed %(what)s"),
    "change_template": _("%(who)s changed a prepared text: %(what)s"),
    "come_back": _("%(who)s noted who is back: %(what)s"),
    "confirm": _("%(who)s looked and found it there: %(what)s"),
    "decline": _("%(who)s noted a refusal by the network: %(what)s"),
    "disown": _("%(who)s said that it was not us: %(what)s"),
    "dismiss": _("%(who)s passed on %(what)s"),
    "draft": _("%(who)s began %(what)s"),
    "drop": _("%(who)s dropped %(what)s"),
    "drop_review_rule": _("%(who)s removed a rule on who must read what: %(what)s"),
    "end": _("%(who)s ended %(what)s"),
    "end_authorisation": _("%(who)s ended an authorisation on %(what)s"),
    "explain": _("%(who)s explained %(what)s"),
    "fail": _("%(who)s could not publish %(what)s"),
    "finish": _("%(who)s saw %(what)s published"),
    "forget": _("%(who)s deleted an address at somebody’s request: %(what)s"),
    "forget_key": _("%(who)s threw away what tied ballots to people: %(what)s"),
    "found": _("%(who)s founded %(what)s"),
    "go_on": _("%(who)s had the rest of a thread sent: %(what)s"),
    "go_away": _("%(who)s noted who is away: %(what)s"),
    "hand_over": _("%(who)s asks a person to look: %(what)s"),
    "hold": _("%(who)s held back %(what)s"),
    "invite": _("%(who)s invited %(what)s"),
    "lapse": _("%(who)s did not let %(what)s go out"),
    "leave": _("%(who)s closed the sign-in of %(what)s"),
    "link_accounts": _("%(who)s noted which accounts are one person’s: %(what)s"),
    "lift": _("%(who)s started everything again after %(what)s"),
    "lose": _("%(who)s lost the sign-in of %(what)s"),
    "lose_sight": _("%(who)s is unsure whether this arrived: %(what)s"),
    "make_codes": _("%(who)s made codes to vote with: %(what)s"),
    "match": _("%(who)s matched resources with %(what)s"),
    "merge": _("%(who)s merged %(what)s into another"),
    "miss": _("%(who)s saw the clock run out on %(what)s"),
    "note_still_public": _("%(who)s could not take back %(what)s, and asks again"),
    "note_withdrawn": _("%(who)s saw it gone: %(what)s"),
    "note_restart": _("%(who)s read what the desk did after it stopped: %(what)s"),
    "open": _("%(who)s opened %(what)s"),
    "open_channel": _("%(who)s opened %(what)s"),
    "open_moment": _("%(who)s opened %(what)s"),
    "override": _("%(who)s let words pass that the coach stopped: %(what)s"),
    "pass_by": _("%(who)s did not send %(what)s"),
    "pause": _("%(who)s paused %(what)s"),
    "propose_words": _("A machine proposed words to %(who)s, who asked: %(what)s"),
    "take_words": _("%(who)s took a machine’s words into %(what)s"),
    "miss_help": _("%(who)s asked a machine for words and got none: %(what)s"),
    "propose": _("%(who)s proposed %(what)s"),
    "propose_topic": _("%(who)s proposed %(what)s"),
    "prove": _("%(who)s proved %(what)s"),
    "publish": _("%(who)s published %(what)s"),
    "put_back": _("%(who)s will try again: %(what)s"),
    "put_review_rule_first": _("%(who)s put a rule on who must read what first: %(what)s"),
    "find_impostor": _("%(who)s found an account that could pass for us: %(what)s"),
    "look_into": _("%(who)s looks at %(what)s"),
    "find_harmless": _("%(who)s found it harmless: %(what)s"),
    "report": _("%(who)s reported to its network %(what)s"),
    "note_gone": _("%(who)s saw that it is gone: %(what)s"),
    "note_refusal": _("%(who)s noted that its network lets it stand: %(what)s"),
    "take_up_again": _("%(who)s took up again %(what)s"),
    "tell_of_impostor": _("%(who)s told people of %(what)s"),
    "use_new_device": _("%(who)s let something go from a new device"),
    "confirm_device": _("%(who)s vouched for a device of %(what)s"),
    "tell_of_device": _("%(who)s told %(what)s of a new device"),
    "see_proof": _("%(who)s saw a proof that this is ours: %(what)s"),
    "break_proof": _("%(who)s found a proof broken that this is ours: %(what)s"),
    "tell_of_proof": _("%(who)s told the administrators of a broken proof: %(what)s"),
    "raise_alarm": _("%(who)s found what it had not done: %(what)s"),
    "raise_late": _("%(who)s saw that this is late: %(what)s"),
    "readmit": _("%(who)s let in again %(what)s"),
    "erase": _("%(who)s erased the words of earlier entries: %(what)s"),
    "dispose": _("%(who)s erased what was past its time: %(what)s"),
    "change_retention": _("%(who)s changed how long this is kept: %(what)s"),
    "ask_to_keep": _("%(who)s set %(what)s, and a second person must agree"),
    "agree_to_keep": _("%(who)s agreed to %(what)s"),
    "ask_to_let_go": _("%(who)s asked to lift %(what)s"),
    "agree_to_let_go": _("%(who)s agreed to lift %(what)s"),
    "reconcile": _("%(who)s owned up to a loss and began a new log: %(what)s"),
    "recall": _("%(who)s took back %(what)s"),
    "reconfirm": _("%(who)s confirmed for another year who may speak on %(what)s"),
    "refuse": _("%(who)s kept %(what)s from the vote"),
    "reject": _("%(who)s rejected %(what)s"),
    "remove": _("%(who)s removed %(what)s"),
    "release": _("%(who)s let go again %(what)s"),
    "remove_template": _("%(who)s removed a prepared text: %(what)s"),
    "remove_picture": _("%(who)s removed a picture from %(what)s"),
    "renew_invitation": _("%(who)s made a new sign-in link for %(what)s"),
    "remove_way_in": _("%(who)s removed a way to sign in: %(what)s"),
    "reopen": _("%(who)s reopened %(what)s"),
    "restart": _("%(who)s started again after an unforeseen stop: %(what)s"),
    "resume": _("%(who)s resumed %(what)s"),
    "retire": _("%(who)s retired %(what)s"),
    "expire": _("%(what)s reached its end"),
    "turn_down": _("%(who)s turned down %(what)s"),
    "look_at_topic": _("%(who)s looked at what is heard for %(what)s"),
    "try_topic": _("%(who)s tried %(what)s on what is still kept"),
    "answer_rumour": _("%(who)s told the public about %(what)s"),
    "call_grave": _("%(who)s said how grave it is: %(what)s"),
    "register": _("%(who)s registered %(what)s"),
    "extend": _("%(who)s took more time for %(what)s"),
    "take_over": _("%(who)s took over %(what)s"),
    "search": _("%(who)s searched the record for %(what)s"),
    "keep_back": _("%(who)s chose what is not shown for %(what)s"),
    "prepare": _("%(who)s prepared the answer to %(what)s"),
    "let_out": _("%(who)s read the answer to %(what)s and let it go out"),
    "give": _("%(who)s packed the answer to %(what)s"),
    "fetch": _("%(who)s took the packed answer to %(what)s"),
    "check": _("%(who)s took it to check: %(what)s"),
    "join": _("%(who)s left the answer to another service: %(what)s"),
    "leave_open": _("%(who)s found that it cannot be known: %(what)s"),
    "log_rumour": _("%(who)s wrote down %(what)s"),
    "overload_resource": _("%(who)s said whether it is overloaded: %(what)s"),
    "find_true": _("%(who)s found that it is so: %(what)s"),
    "find_false": _("%(who)s found that it is not so: %(what)s"),
    "settle": _("The clock ran out; we had spoken: %(what)s"),
    "retire_resource": _("%(who)s retired %(what)s"),
    "retry": _("%(who)s took up again %(what)s"),
    "review_glass": _("%(who)s looked at what went out without a second person: %(what)s"),
    "revoke": _("%(who)s revoked %(what)s"),
    "speak": _("%(who)s told the public what is going on: %(what)s"),
    "rule_out": _("%(who)s looked and did not find it: %(what)s"),
    "schedule": _("%(who)s scheduled %(what)s"),
    "seal": _("%(who)s put ballots under a seal: %(what)s"),
    "see": _("%(who)s saw in public: %(what)s"),
    "send_statement": _("%(who)s sent %(what)s"),
    "send_back": _("%(who)s sent back %(what)s"),
    "set_roles": _("%(who)s changed the roles of %(what)s"),
    "sign_in": _("%(who)s signed in %(what)s"),
    "start": _("%(who)s began to publish %(what)s"),
    "stop": _("%(who)s stopped everything: %(what)s"),
    "submit": _("%(who)s sent for review %(what)s"),
    "suspend": _("%(who)s suspended %(what)s"),
    "switch": _("%(who)s switched %(what)s"),
    "ask_to_read": _("%(who)s asked people to read it: %(what)s"),
    "tell": _("%(who)s told people that this needs one of them: %(what)s"),
    "translate": _("%(who)s translated %(what)s"),
    "vouch": _("%(who)s checked %(what)s"),
    "withdraw": _("%(who)s withdrew %(what)s"),
    "write": _("%(who)s wrote on %(what)s"),
    "make_token": _("%(who)s let a program in: %(what)s"),
    "offer_token": _("%(who)s offered a key for a program: %(what)s"),
    "collect_token": _("%(who)s took the key for a program: %(what)s"),
    "end_token": _("%(who)s ended the key of a program: %(what)s"),
    "tell_of_token": _("%(who)s told people that a program’s key ends soon: %(what)s"),
    "open_webhook": _("%(who)s began to tell another program of what happens here: %(what)s"),
    "change_webhook": _("%(who)s changed what another program is told: %(what)s"),
    "close_webhook": _("%(who)s stopped telling another program: %(what)s"),
    "pause_webhook": _("%(who)s paused telling another program: %(what)s"),
    "resume_webhook": _("%(who)s tells another program again: %(what)s"),
    "renew_secret": _("%(who)s made a new secret for what another program is told: %(what)s"),
    "tell_of_webhook": _("%(who)s told people that another program does not answer: %(what)s"),
}
# Who is in no list of members, in words that the catalogue knows.
NOBODY_BY_NAME = {THE_DESK.name: _("The desk"), "A resident": _("A resident"),
    "Whoever runs the server": _("Whoever runs the server"),
}  # fmt: skip
THINGS = {
    "record": _("%(title)s"),
    "retentionclass": _("“%(title)s”"),
    "legalhold": _("the legal hold “%(title)s”"),
    "accountcheck": _("the account “%(title)s”"),
    "alarm": _("the alarm “%(title)s”"),
    "agency": _("the agency “%(title)s”"),
    "authorisation": _("the authorisation “%(title)s”"),
    "backtest": _("the measuring “%(title)s”"),
    "brokenglass": _("“%(title)s”"),
    "campaign": _("the campaign “%(title)s”"),
    "certificate": _("the certificate “%(title)s”"),
    "channel": _("the channel “%(title)s”"),
    "delivery": _("“%(title)s”"),
    "hold": _("“%(title)s”"),
    "inquiry": _("the request for records %(title)s"),
    "member": _("the member “%(title)s”"),
    "moment": _("the moment “%(title)s”"),
    "page": _("the page “%(title)s”"),
    "impostor": _("the account “%(title)s”, which is not ours"),
    "device": _("“%(title)s”"),
    "proof": _("the account “%(title)s”"),
    "post": _("the post “%(title)s”"),
    "question": _("the question “%(title)s”"),
    "resource": _("the resource “%(title)s”"),
    "revocation": _("the sign-in of “%(title)s”"),
    "restart": _("the start of %(title)s"),
    "series": _("the series “%(title)s”"),
    "source": _("the source “%(title)s”"),
    "rumour": _("the rumour “%(title)s”"),
    "statement": _("the statement “%(title)s”"),
    "translation": _("the translation “%(title)s”"),
    "topic": _("the topic “%(title)s”"),
    "token": _("the program “%(title)s”"),
    "webhook": _("the program “%(title)s”"),
}


@register.filter
def step_in_words(verb: str) -> str:
    """A kind of step, whoever takes it: "Somebody withdrew …"."""
    pattern = str(VERBS.get(verb) or gettext("%(who)s: %(verb)s, %(what)s"))
    return pattern % {"who": gettext("Somebody"), "what": "…", "verb": verb}


def plain_sentence(facts: Mapping[str, Any]) -> str:
    """An act in words, from the facts that are shown of it; … for what is not."""
    kind = str(facts.get("subject", "")).partition(":")[0]
    title = facts.get("title", "…")
    thing = str(THINGS.get(kind, f"{kind} “%(title)s”")) % {"title": title}
    who = str(facts.get("who", "…"))
    verb = str(facts.get("verb", "…"))
    pattern = str(VERBS.get(verb) or gettext("%(who)s: %(verb)s, %(what)s"))
    return pattern % {"who": NOBODY_BY_NAME.get(who, who), "what": thing, "verb": verb}


@register.simple_tag
def sentence(entry: Entry) -> SafeString:
    """One entry in words, its actor and thing in bold. Unknown verbs are shown as they are."""
    kind = entry.subject.partition(":")[0]
    thing = str(THINGS.get(kind, f"{kind} “%(title)s”")) % {"title": entry.title}
    pattern = VERBS.get(entry.verb) or gettext("%(who)s: %(verb)s, %(what)s")
    actor = NOBODY_BY_NAME.get(entry.who, entry.who)
    if entry.is_erased:
        actor, thing = gettext("Somebody"), gettext("something that was erased since")
    who, what = format_html("<strong>{}</strong>", actor), format_html("<bdi>{}</bdi>", thing)
    # The pattern is ours, the parts are escaped: the result is safe to show.
    words = str(pattern).replace("%(who)s", "{who}").replace("%(what)s", "{what}")
    words = words.replace("%(verb)s", "{verb}")
    through = entry.detail.get("through", "")
    if through:
        words = gettext("%(sentence)s, through the program {through}") % {"sentence": words}
    named = format_html("<bdi>“{}”</bdi>", through)
    return format_html(words, who=who, what=what, verb=entry.verb, through=named)
