"""A post that is also a public alert: its terms, for machines that warn people."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from commonground.channels.contract.alert import Alert
from commonground.say.models.posts import Post

CATEGORIES = [
    ("Safety", _("Public safety")), ("Security", _("Police and security")),
    ("Rescue", _("Rescue")), ("Fire", _("Fire")), ("Health", _("Health")),
    ("Env", _("Environment")), ("Transport", _("Roads and transport")),
    ("Infra", _("Power, water, networks")), ("Met", _("Weather")), ("Geo", _("Earth")),
    ("CBRNE", _("Chemical, nuclear, explosive")), ("Other", _("Something else")),
]  # fmt: skip
RESPONSES = [
    ("Shelter", _("Take shelter where they are")), ("Evacuate", _("Leave the area")),
    ("Avoid", _("Keep away")), ("Prepare", _("Get ready")),
    ("Execute", _("Do what the instruction says")), ("Monitor", _("Stay informed")),
    ("AllClear", _("Nothing any more: it is over")), ("None", _("Nothing")),
]  # fmt: skip
URGENCIES = [
    ("Immediate", _("At once")), ("Expected", _("Within the hour")),
    ("Future", _("Later")), ("Past", _("No longer")), ("Unknown", _("Not known")),
]  # fmt: skip
SEVERITIES = [
    ("Extreme", _("Extraordinary threat to life")), ("Severe", _("Threat to life")),
    ("Moderate", _("Possible threat to life")), ("Minor", _("Little or no threat to life")),
    ("Unknown", pgettext_lazy("severity", "Not known")),
]  # fmt: skip
CERTAINTIES = [
    ("Observed", _("It happened, or happens now")), ("Likely", _("More likely than not")),
    ("Possible", _("Possible")), ("Unlikely", _("Hardly to be expected")),
    ("Unknown", pgettext_lazy("certainty", "Not known")),
]  # fmt: skip
USUAL = Alert(event="", area="")


class PublicAlert(models.Model):
    """The terms of CAP 1.2 beside a post's own words. May be half filled in while it is a draft."""

    post = models.OneToOneField(Post, on_delete=models.CASCADE, related_name="alert")
    event = models.CharField(max_length=80, blank=True)
    area = models.CharField(max_length=300, blank=True)
    category = models.CharField(max_length=10, choices=CATEGORIES, default=USUAL.category)
    response = models.CharField(max_length=10, choices=RESPONSES, default=USUAL.response)
    urgency = models.CharField(max_length=10, choices=URGENCIES, default=USUAL.urgency)
    severity = models.CharField(max_length=10, choices=SEVERITIES, default=USUAL.severity)
    certainty = models.CharField(max_length=10, choices=CERTAINTIES, default=USUAL.certainty)
    hours = models.PositiveSmallIntegerField(default=USUAL.hours)
    circle = models.CharField(max_length=60, blank=True)
    instruction = models.TextField(max_length=2000, blank=True)

    def __str__(self) -> str:
        return self.event or str(self.post)

    @property
    def terms(self) -> Alert:
        names = Alert.__dataclass_fields__
        return Alert(**{name: getattr(self, name) for name in names})
