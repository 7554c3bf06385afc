"""Turns what people typed into what the actions take."""

from commonground.say.forms.compose import ComposeForm, OwnWords, PictureForm, StartForm, as_typed
from commonground.say.forms.deciding import DecisionForm, GlassForm, HoldForm
from commonground.say.forms.languages import LANGUAGES
from commonground.say.forms.policy import RuleForm, as_ruled
from commonground.say.forms.templates import BlanksForm, TemplateForm

__all__ = [
    "LANGUAGES",
    "BlanksForm",
    "ComposeForm",
    "DecisionForm",
    "GlassForm",
    "HoldForm",
    "OwnWords",
    "PictureForm",
    "RuleForm",
    "StartForm",
    "TemplateForm",
    "as_ruled",
    "as_typed",
]
