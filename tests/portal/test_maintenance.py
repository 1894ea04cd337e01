"""The portal while it is worked on: one page, without the database."""

from datetime import datetime

import pytest
from django.core.exceptions import ImproperlyConfigured, MiddlewareNotUsed
from django.http import HttpResponse
from django.test import RequestFactory

from portal.operating.maintenance import Maintenance
from portal.settings import env_moment

UNTIL = "2100-11-28T04:00+02:00"


@pytest.fixture
def worked_on(settings):
    settings.MAINTENANCE_UNTIL = datetime.fromisoformat(UNTIL)
    return Maintenance(lambda request: HttpResponse("the portal"))


@pytest.mark.parametrize("path", ["/en/", "/el/garage/", "/admin/", "/webhooks/payments/"])
def test_every_page_says_until_when_in_both_languages(worked_on, path):
    answer = worked_on(RequestFactory().get(path))
    assert (answer.status_code, answer["Cache-Control"]) == (503, "no-store")
    assert int(answer["Retry-After"]) > 60
    for said in ("04:00", "28/11/2100", "We are working on the portal", "Εργαζόμαστε στην πύλη"):
        assert said in answer.text


def test_the_api_gets_problem_details(worked_on):
    answer = worked_on(RequestFactory().post("/api/v1/vehicles/"))
    assert (answer.status_code, answer["Content-Type"]) == (503, "application/problem+json")
    assert '"code": "maintenance"' in answer.text


def test_signs_of_life_go_on(worked_on):
    assert worked_on(RequestFactory().get("/alive/")).text == "the portal"


def test_a_time_that_has_passed_asks_to_come_back_in_a_minute(worked_on):
    worked_on.until = datetime.fromisoformat("2020-01-01T00:00+00:00")
    assert worked_on(RequestFactory().get("/en/"))["Retry-After"] == "60"


def test_otherwise_it_is_not_there(settings):
    settings.MAINTENANCE_UNTIL = None
    with pytest.raises(MiddlewareNotUsed):
        Maintenance(lambda request: HttpResponse())


@pytest.mark.parametrize("text", ["tomorrow", "2026-11-28T04:00"])
def test_a_time_without_its_offset_is_refused(monkeypatch, text):
    monkeypatch.setenv("MAINTENANCE_UNTIL", text)
    with pytest.raises(ImproperlyConfigured, match="MAINTENANCE_UNTIL"):
        env_moment("MAINTENANCE_UNTIL")
