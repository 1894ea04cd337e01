from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils import timezone, translation

NON_BREAKING = "\u00a0"


def rendered(source: str, **context) -> str:
    return Template("{% load frame %}" + source).render(Context(context)).strip()


@pytest.mark.parametrize(
    ("language", "amount", "words"),
    [
        ("en", Decimal("99.00"), "€99.00"),
        ("en", Decimal("1249.50"), "€1,249.50"),
        ("en", Decimal("-66"), "-€66.00"),
        ("el", Decimal("99.00"), f"99,00{NON_BREAKING}€"),
        ("el", Decimal("1249.50"), f"1.249,50{NON_BREAKING}€"),
    ],
)
def test_money_is_written_as_the_reader_writes_it(language, amount, words):
    with translation.override(language):
        assert rendered("{% money amount 'EUR' %}", amount=amount) == words


@pytest.mark.parametrize(("language", "words"), [("en", "10 June 2024"), ("el", "10 Ιουνίου 2024")])
def test_a_date_is_written_in_words_and_read_by_machines(language, words):
    with translation.override(language):
        shown = rendered("{% day on %}", on=date(2024, 6, 10))
    assert shown == f'<time datetime="2024-06-10">{words}</time>'


def test_a_moment_belongs_to_the_day_of_the_current_time_zone():
    late = datetime(2024, 6, 9, 22, 30, tzinfo=UTC)
    with timezone.override("Asia/Nicosia"), translation.override("en"):
        assert rendered("{{ at|day }}", at=late) == "10 June 2024"
        assert "10 June 2024, 01:30" in rendered("{% moment at %}", at=late)
        assert 'datetime="2024-06-10"' in rendered("{% day at %}", at=late)


def test_a_date_that_is_not_known_shows_nothing():
    assert rendered("{% day on %}{% moment on %}{{ on|day }}", on=None) == ""


@pytest.mark.parametrize(("language", "words"), [("en", "12,480 7.50"), ("el", "12.480 7,50")])
def test_figures_take_the_readers_separators(language, words):
    with translation.override(language):
        assert rendered("{{ km|number }} {{ score|number:2 }}", km=12480, score=Decimal("7.5")) == words


@pytest.mark.parametrize("body", ["saloon", "suv", "coupe", "hatchback"])
def test_a_car_is_drawn_in_its_colour_and_its_own_body(body):
    drawn = rendered("{% car body=body colour='#7A1F28' %}", body=body)
    assert 'fill="#7A1F28"' in drawn
    assert 'aria-hidden="true"' in drawn
    assert drawn != rendered("{% car body=other colour='#7A1F28' %}", other="suv" if body != "suv" else "coupe")


@pytest.mark.parametrize("colour", ["", "red", '"><script>', "#12345", "#1234567"])
def test_a_colour_that_is_none_is_drawn_grey(colour):
    drawn = rendered("{% car body='tank' colour=colour %}", colour=colour)
    assert "script" not in drawn
    assert 'fill="#8b9096"' in drawn


def test_a_named_car_is_an_image_and_its_numbers_stay_numbers_in_greek():
    with translation.override("el"):
        drawn = rendered("{% car body='hatchback' colour='#35506b' label=name %}", name="LBX <1>")
    assert 'role="img" aria-label="LBX &lt;1&gt;"' in drawn
    assert "translate(130 132.5)" in drawn


def test_drawings_carry_no_inline_style():
    drawn = rendered("{% car body='suv' colour='#35506b' %}{% icon 'bell' %}")
    assert "style=" not in drawn


def test_icons_are_silent_because_a_word_stands_beside_them():
    assert 'aria-hidden="true"' in rendered("{% icon 'bell' 18 %}")


@pytest.mark.parametrize("tone", ["good", "warn", "bad", "info", "neutral", "unknown"])
def test_every_tone_has_an_icon_of_its_own(tone):
    badge = rendered("{% include 'components/badge.html' with tone=tone text='Active' only %}", tone=tone)
    assert "<svg" in badge
    assert "Active" in badge
