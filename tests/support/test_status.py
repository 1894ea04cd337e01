"""The state of the services, for everybody: in the hub, on a page of its own (C1)."""

import pytest
from django.utils import timezone

from tests import make
from tests.subscriptions.incidents import incident
from tests.support.small import page

LIMIT = 14


@pytest.fixture
def packages(market):
    return make.package("navigation", market=market), make.package("remote", market=market)


def test_C1_without_incidents_all_is_said_to_run(client, packages):
    text = page(client, "support_status").content.decode()
    assert "All services are running." in text
    assert text.count("Running") == 2
    assert "at it" not in page(client, "support").content.decode()


def test_C1_what_goes_on_is_announced_or_is_over_is_shown_with_its_services(client, packages):
    now = timezone.now()
    incident(titles={"en": "Map server down"}, began_at=now - make.days(1), packages=[packages[0]])
    incident(titles={"en": "New tyres"}, kind="maintenance", began_at=now + make.days(3), ends_at=now + make.days(4))
    incident(titles={"en": "Long over"}, began_at=now - make.days(3), ends_at=now - make.days(2))
    text = page(client, "support_status").content.decode()
    assert text.index("Map server down") < text.index("New tyres") < text.index("Long over")
    assert "not known yet" in text
    assert text.count(">Running<") + text.count("Running</") >= 1
    home = page(client, "support").content.decode()
    assert "Map server down" in home
    assert "New tyres" not in home


def test_C1_another_markets_incidents_are_not_shown(client, packages):
    from portal.models import Market

    here = Market.objects.get()
    facts = {"code": "xx", "names": {"en": "Elsewhere"}, "is_default": False, "pk": None}
    other = Market.objects.get(pk=here.pk)
    for name, value in facts.items():
        setattr(other, name, value)
    other.save()
    incident(titles={"en": "Elsewhere down"}, began_at=timezone.now() - make.days(1), markets=[other])
    assert "Elsewhere down" not in page(client, "support_status").content.decode()


def test_the_page_is_for_everybody_and_asks_a_fixed_number_of_times(client, packages, django_assert_max_num_queries):
    for number in range(3):
        incident(titles={"en": f"No {number}"}, began_at=timezone.now() - make.days(1), packages=list(packages))
    with django_assert_max_num_queries(LIMIT):
        answer = page(client, "support_status")
    assert "public" in answer["Cache-Control"]
    assert not answer.cookies
