"""However often an update is asked for at once, one is open (C6)."""

import pytest
from django.core.cache import cache

from garage.actions.map_reports import take_map_reports
from garage.actions.map_updates import ask_for_map_update, call_off_map_update
from garage.models import MapUpdate
from garage.rules.maps import State
from tests import make
from tests.concurrency.at_once import at_once
from tests.garage import maps

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def link():
    cache.clear()
    return make.active_car(make.account(market=make.market()))


def test_C6_of_ten_that_ask_at_once_one_is_taken(link):
    newest = maps.releases(link.account.market)[maps.NEW]
    maps.map_package(link.account.market)
    said = at_once(*[lambda: ask_for_map_update(membership=link, release=newest, now=make.NOW, by=link.account)] * 10)
    assert said == {"done": 1, "update_open": 9}
    assert MapUpdate.objects.count() == 1


def test_C6_called_off_and_sent_at_once_it_is_one_of_the_two(link):
    update = maps.map_update(link)
    sent = maps.says(update, State.SENT)
    said = at_once(
        lambda: call_off_map_update(update=update, now=make.NOW, by=link.account),
        lambda: take_map_reports(reports={0: sent}, now=make.NOW),
    )
    update.refresh_from_db()
    assert (update.state, said["update_not_waiting"]) in {("called_off", 0), ("sent", 1)}
