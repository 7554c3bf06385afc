"""What a person types in LEARN."""

from commonground.learn.forms.news import (
    AnsweredForm,
    ArticleForm,
    AskForm,
    CorrectedForm,
    JudgeForm,
    LookBackForm,
    MessagesForm,
    OutletForm,
    RightForm,
    WhyForm,
    WrongForm,
)
from commonground.learn.forms.people import (
    CensusForm,
    ExperimentForm,
    OpenPulseForm,
    OutcomesForm,
    PreregisterForm,
    PulseForm,
)

__all__ = [
    "AnsweredForm",
    "ArticleForm",
    "AskForm",
    "CensusForm",
    "CorrectedForm",
    "ExperimentForm",
    "JudgeForm",
    "LookBackForm",
    "MessagesForm",
    "OpenPulseForm",
    "OutcomesForm",
    "OutletForm",
    "PreregisterForm",
    "PulseForm",
    "RightForm",
    "WhyForm",
    "WrongForm",
]
