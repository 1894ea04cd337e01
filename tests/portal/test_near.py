"""What is the same for everybody is kept in the process for the minute of a copy, for each language by itself."""

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.core.cache import caches
from django.utils.translation import override

from portal import near
from portal.context import current_market
from portal.models import Market
from portal.near import each_kept_near, kept_near
from tests import make


@pytest.fixture
def made():
    return []


@pytest.fixture(autouse=True)
def _nothing_of_others():
    caches["near"].clear()
    near.forget()
    yield
    caches["near"].clear()
    near.forget()


def lengths(made, *words):
    def make(new):
        made.append(list(new))
        return {word: len(word) for word in new}

    return each_kept_near("lengths", words, make)


def test_of_many_things_those_are_made_that_are_not_kept_all_at_once(settings, made):
    settings.PUBLIC_COPY_SECONDS = 60
    assert lengths(made, "one", "three") == {"one": 3, "three": 5}
    assert lengths(made, "three", "four", "one") == {"three": 5, "four": 4, "one": 3}
    with override("el"):
        assert lengths(made, "one") == {"one": 3}
    assert made == [["one", "three"], ["four"], ["one"]]


def test_each_is_kept_as_long_as_copies_are_and_handed_out_itself(settings):
    settings.PUBLIC_COPY_SECONDS = 60

    def new(_missing):
        return {"key": (object(),)}

    with time_machine.travel(make.NOW, tick=False) as clock:
        first, again = (each_kept_near("new", ["key"], new)["key"] for _ in range(2))
        clock.shift(59)
        late = each_kept_near("new", ["key"], new)["key"]
        clock.shift(1)
        anew = each_kept_near("new", ["key"], new)["key"]
    assert first is again is late is not anew


def test_no_more_is_kept_than_a_process_can_carry(settings, made, monkeypatch):
    settings.PUBLIC_COPY_SECONDS = 60
    monkeypatch.setattr(near, "MOST_KEPT", 3)
    assert lengths(made, "one", "two", "three") == {"one": 3, "two": 3, "three": 5}
    assert lengths(made, "three", "four") == {"three": 5, "four": 4}
    assert len(near._KEPT) == 1
    assert lengths(made, "four", "three") == {"four": 4, "three": 5}
    assert made == [["one", "two", "three"], ["four"], ["three"]]


def test_what_was_not_made_is_asked_for_again(settings, made):
    settings.PUBLIC_COPY_SECONDS = 60
    assert each_kept_near("none", ["gone"], lambda new: made.append(new) or {}) == {}
    assert each_kept_near("none", ["gone"], lambda new: made.append(new) or {}) == {}
    assert len(made) == 2


def test_nothing_is_made_of_nothing_and_without_copies_nothing_is_kept(settings, made):
    assert lengths(made) == {}
    settings.PUBLIC_COPY_SECONDS = 0
    assert lengths(made) == {}
    assert lengths(made, "one") == lengths(made, "one") == {"one": 3}
    assert made == [["one"], ["one"]]
    assert [kept_near("number", lambda: made.append(1)) for _ in range(2)] == [None, None]
    assert made[2:] == [1, 1]


def test_the_market_of_visitors_is_kept_and_one_that_was_just_loaded_is_there(
    settings, rf, db, django_assert_num_queries
):
    settings.PUBLIC_COPY_SECONDS = 60

    def asked(method="get"):
        request = getattr(rf, method)("/")
        request.user = AnonymousUser()
        return current_market(request)

    with pytest.raises(Market.DoesNotExist):
        asked()
    market = make.market()
    caches["near"].set("default market:en".replace(" ", "-"), [], 60)
    assert asked() == market
    caches["near"].clear()
    assert asked() == market
    with django_assert_num_queries(0):
        assert asked().brand == market.brand
    with django_assert_num_queries(1):
        assert asked("post") == market
