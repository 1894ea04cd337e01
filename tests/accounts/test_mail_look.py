"""How a mail looks: on a narrow phone, by day and by night, and in programs that show plain text only."""

import re
from datetime import date
from html import unescape

import pytest
import yaml
from django.conf import settings

from accounts.mail import in_layout, in_words_of
from accounts.models import Account, Notice
from accounts.notices import texts
from accounts.notices.kinds import KINDS
from portal.models import Brand, Market
from tests.accounts.notice_facts import FACTS
from tests.meta.test_layout import ROOT

DAY = date(2026, 3, 17)
NARROW = 320
HIDDEN = '<div style="display:none;max-height:0;overflow:hidden">'
RULE = re.compile(r"([^{}]+){([^{}]*)}")
AA = 4.5


@pytest.fixture(scope="module", params=["en", "el"])
def mails(request):
    """Each kind's body, text and HTML in one language, rendered once: nothing of it stands in a database."""
    market = Market(code="CY", currency="EUR", time_zone="Asia/Nicosia", brand=_brand("#7a5230", "#dcb489"))
    account = Account(email="maria@example.com", language=request.param, market=market)
    with in_words_of(account):
        return {kind: _mail(Notice(account=account, kind=kind, facts=FACTS[kind], event_on=DAY)) for kind in KINDS}


def _brand(light: str, dark: str) -> Brand:
    names = {"en": "Sample customer centre", "el": "Κέντρο πελατών Sample"}
    return Brand(portal_name="Owners", accent_light=light, accent_dark=dark, customer_centre=names)


def _mail(notice):
    body, brand = texts.body(notice), notice.account.market.brand
    leave_url = f"{settings.SITE_URL}/notices/end/key/"
    words = {"subject": texts.subject(notice), "name": "Maria", "link": texts.link(notice), "leave_url": leave_url}
    return body, *in_layout(body, brand=brand, **words)


def test_every_mail_says_the_same_in_both_parts(mails):
    for body, text, html in mails.values():
        seen = unescape(re.sub(r"<[^>]+>", "", html))
        for line in filter(None, body.splitlines()):
            assert line in text
            assert line in seen


def test_every_mail_fits_a_narrow_phone_and_follows_light_and_dark(mails):
    for _, _, html in mails.values():
        widths = re.findall(r"(?<!max-)width\s*[:=]\s*\"?(\d+)", html)
        assert all(int(width) <= NARROW for width in widths)
        assert "overflow-wrap:anywhere" in html
        assert '<meta name="color-scheme" content="light dark">' in html
        assert '<meta name="viewport" content="width=device-width, initial-scale=1">' in html


def test_every_mail_begins_with_what_the_list_of_mails_shows_of_it(mails):
    for body, _, html in mails.values():
        hidden = unescape(html.split(HIDDEN, 1)[1].split("</div>", 1)[0])
        assert 0 < len(hidden) <= 140
        assert body.split("\n\n")[0].startswith(hidden.rstrip("…"))


def test_every_link_of_a_mail_is_whole(mails):
    for _, text, html in mails.values():
        links = re.findall(r'href="([^"]*)"', html)
        assert all(link.startswith((settings.SITE_URL, "mailto:")) for link in links)
        alone = [line for line in text.splitlines() if settings.SITE_URL in line]
        assert alone
        assert all(line.startswith(settings.SITE_URL) and " " not in line for line in alone)


def test_the_plain_text_has_neither_markup_nor_lines_that_servers_break(mails):
    for _, text, _ in mails.values():
        assert not re.search(r"<\w|&\w+;|\n{3}", text)
        assert all(line == line.strip() and len(line.encode()) < 998 for line in text.splitlines())


def test_no_plain_text_fills_in_an_element():
    """Facts take many turns; `day` and `moment` as tags write `<time>` in any of them."""
    for file in (ROOT / "templates").rglob("*.txt"):
        assert not re.search(r"{% (day|moment|icon|car) ", file.read_text()), file


@pytest.fixture(params=["sample", "lexus"])
def brand(request) -> Brand:
    if request.param == "sample":
        return _brand("#7a5230", "#dcb489")
    given = yaml.safe_load((ROOT / "portal" / "data" / "lexus_cy" / "brand.yaml").read_text())["brand"]
    return _brand(given["accent_light"], given["accent_dark"])


@pytest.mark.parametrize("is_dark", [False, True], ids=["light", "dark"])
def test_the_words_of_a_mail_stand_out_by_day_and_by_night(brand, is_dark):
    _, html = in_layout("Words", brand=brand, subject="Words")
    colours = _colours(html, is_dark=is_dark)
    sheet, canvas = colours[".sheet"]["background"], colours[".canvas"]["background"]
    for written in (colours[".canvas"], colours[".quiet"], colours["a"]):
        assert min(_contrast(written["color"], sheet), _contrast(written["color"], canvas)) >= AA
    assert _contrast(colours["a.button"]["color"], colours["a.button"]["background"]) >= AA


def _colours(html: str, *, is_dark: bool) -> dict[str, dict[str, str]]:
    by_day, by_night = html.split("<style>")[1].split("</style>")[0].split("@media (prefers-color-scheme:dark){")
    rules = RULE.findall(by_night if is_dark else by_day)
    return {
        selector.strip(): dict(declared.split(":", 1) for declared in declarations.split(";"))
        for selector, declarations in rules
    }


def _contrast(one: str, other: str) -> float:
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance of `#rrggbb`."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
