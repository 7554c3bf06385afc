import pytest

from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.looking import axe, sideways

SHOTS = [
    ("register", "/accounts/", None, "prove_accounts"),
    ("double", "/accounts/?account=@p0rtsable", None, "report_a_double"),
    ("really", "/really/", None, None),
    ("health", "/protect/accounts/", "ines", "prove_accounts"),
    ("cases", "/protect/impostors/", "ines", "meet_a_double"),
    ("case", "{trouble}", "ines", "report_a_double"),
    ("device", "/protect/device/", "ines", None),
    ("case2", "{trouble}", "ines", "meet_a_double"),
]


@pytest.mark.parametrize(("name", "path", "who", "wish"), SHOTS)
def test_shot(visit, desk, name, path, who, wish):
    places = dict(desk.places)
    if wish:
        places["trouble"] = desk.wish(wish) or ""
    window = visit(who)
    page = window.open(path.format(**places))
    assert window.status == 200
    for summary in page.locator("main summary").all():
        summary.evaluate("it => { it.parentElement.open = true }")
    for size, light in ((PHONE, "light"), (DESKTOP, "dark")):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.emulate_media(color_scheme=light)
        page.screenshot(path=f"/tmp/shots/{name}-{size[0]}.png", full_page=True)
        print(name, size, axe(page), sideways(page))
