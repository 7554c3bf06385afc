"""Facts of entries as people read them."""

import pytest
from django.utils import timezone, translation

from commonground.record.templatetags.withheld import fact_words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("Roads are icy", "Roads are icy"),
        (3, "3"),
        (True, "yes"),
        (["news@harbour.example", "Harbour news"], "news@harbour.example, Harbour news"),
        ({"in_review": True, "read_by": ["Ana", "Bo"]}, "in review: yes; read by: Ana, Bo"),
        ("2026-11-29T21:41:17+00:00", "Nov. 29, 2026, 9:41 p.m."),
        ("2026-11-29", "2026-11-29"),
        ("2026-99-29T21:41:17+00:00", "2026-99-29T21:41:17+00:00"),
    ],
)
def test_a_fact_is_words(value, words):
    with translation.override("en"), timezone.override("UTC"):
        assert fact_words(value) == words
