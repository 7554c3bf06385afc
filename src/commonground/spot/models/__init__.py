"""What SPOT holds."""

from commonground.spot.models.joint import Fact, Partner, PartnerQuerySet, Shown, Spokesperson
from commonground.spot.models.moments import (
    Background,
    Backtest,
    BacktestQuerySet,
    Exemplar,
    InTime,
    Match,
    Moment,
    MomentQuerySet,
    Resource,
    ResourceQuerySet,
    Rumour,
    Tally,
)

__all__ = [
    "Background",
    "Backtest",
    "BacktestQuerySet",
    "Exemplar",
    "Fact",
    "InTime",
    "Match",
    "Moment",
    "MomentQuerySet",
    "Partner",
    "PartnerQuerySet",
    "Resource",
    "ResourceQuerySet",
    "Rumour",
    "Shown",
    "Spokesperson",
    "Tally",
]
