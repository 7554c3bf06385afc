"""Languages are called by their names."""

from django.utils import translation

from commonground.kit.languages import name_of_language


def test_a_language_that_django_does_not_know_has_its_name_too():
    assert name_of_language("ti") == "Tigrinya"
    assert name_of_language("ti", own=True) == "ትግርኛ"
    with translation.override("fr"):
        assert name_of_language("ti") == "tigrigna"


def test_what_nobody_knows_keeps_its_code():
    assert name_of_language("qzz") == "qzz"
    assert name_of_language("not a code", own=True) == "not a code"
