"""K1, D4: trips are shown to nobody without the customer's leave, given for a case, a car and a time."""

from datetime import timedelta

import pytest
import time_machine
from django.apps import apps
from django.contrib import admin
from django.urls import reverse

from portal.models import AuditRecord, StaffRead
from portal.refusals import Refusal
from support.actions.cases import close, reply
from support.actions.sight import give_leave, withdraw_leave
from support.cases.sight import cars_with_trips, running_leave, seen_with
from support.models import SightLeave
from support.rules.sight import holds
from tests import make
from tests.garage.driving import agree, drive, driving_package
from tests.support.cases import centre, opened, staff

NOW = make.NOW
HOUR = timedelta(hours=1)


@pytest.fixture
def case(market, car, owner, files):
    centre(market)
    driving_package(market)
    agree(owner, now=NOW)
    drive(car, NOW + HOUR)
    return opened(owner, now=NOW + 2 * HOUR)


@pytest.fixture
def given(case, car, owner):
    return give_leave(case=case, membership=car, hours=24, now=NOW + 3 * HOUR, by=owner)


def trips_page(case):
    return reverse("admin:support_case_trips", args=[case.pk])


def looked_at(client, case, *, hours=4):
    with time_machine.travel(NOW + hours * HOUR, tick=False):
        return client.get(trips_page(case))


@pytest.mark.parametrize(
    ("later", "withdrawn", "closed", "does"),
    [
        (0, False, False, True),
        (23, False, False, True),
        (24, False, False, False),
        (1, True, False, False),
        (1, False, True, False),
    ],
)
def test_a_leave_ends_with_its_time_with_the_case_or_when_it_is_taken_back(later, withdrawn, closed, does):
    withdrawn_at = NOW if withdrawn else None
    until = NOW + 24 * HOUR
    assert holds(until=until, withdrawn_at=withdrawn_at, is_case_closed=closed, now=NOW + later * HOUR) is does


def test_K1_without_leave_there_is_neither_page_nor_link(client, case, market):
    staff(client, market, "agent")
    assert looked_at(client, case).status_code == 404
    assert trips_page(case) not in client.get(reverse("admin:support_case_change", args=[case.pk])).text


def test_K1_with_leave_an_agent_sees_trips_under_the_case_and_the_customer_sees_that(
    client, case, given, market, owner
):
    with time_machine.travel(NOW + 4 * HOUR, tick=False):
        staff(client, market, "agent")
        assert trips_page(case) in client.get(reverse("admin:support_case_change", args=[case.pk])).text
        page = client.get(trips_page(case)).text
        assert "6.0 km" in page
        assert StaffRead.objects.filter(subject_type="support.sightleave", subject_id=given.pk, account=owner).exists()
        client.logout()
        client.force_login(owner)
        shown = client.get(reverse("case_sight", args=[case.public_id]))
    assert len(shown.context["seen"]) == 1


@pytest.mark.parametrize(
    ("role", "status"), [("administrator", 200), ("finance", 403), ("editor", 403), ("dealer", 403)]
)
def test_K1_a_leave_opens_trips_to_agents_and_administrators_alone(role, status, client, market, case, given):
    with time_machine.travel(NOW + 4 * HOUR, tick=False):
        staff(client, market, role)
    assert looked_at(client, case).status_code == status


@pytest.mark.parametrize("ended", ["time", "withdrawn", "closed"])
def test_K1_a_leave_that_is_over_shows_nothing(ended, client, case, given, market, owner):
    hours = 28 if ended == "time" else 4
    with time_machine.travel(NOW + hours * HOUR, tick=False):
        agent = staff(client, market, "agent")
    if ended == "withdrawn":
        withdraw_leave(case=case, now=NOW + 3 * HOUR, by=owner)
    if ended == "closed":
        close(case=case, reason="done", now=NOW + 3 * HOUR, by=agent)
        reply(case=case, text="Once more", uploads=[], now=NOW + 3 * HOUR, by=owner)
    assert looked_at(client, case, hours=hours).status_code == 404


def test_D4_only_the_accounts_own_time_of_control_is_shown(case, given, car, stranger, owner):
    theirs = make.verified(stranger, car.vehicle, now=NOW)
    assert [link.account_id for link in cars_with_trips(owner)] == [owner.pk]
    assert cars_with_trips(stranger) == []
    with pytest.raises(Refusal) as refusal:
        give_leave(case=opened(stranger), membership=theirs, hours=24, now=NOW, by=stranger)
    assert refusal.value.code == "nothing_to_see"
    assert len(seen_with(given, now=NOW + 4 * HOUR).trips) == 1


def test_a_customer_gives_and_takes_back_on_the_cases_page(client, case, car, owner):
    client.force_login(owner)
    url = reverse("case_sight", args=[case.public_id])
    assert url in client.get(reverse("case", args=[case.public_id])).text
    assert client.post(url, {"car": car.public_id, "hours": "9"}).status_code == 200
    client.post(url, {"car": car.public_id, "hours": "72"})
    client.post(url, {"car": car.public_id, "hours": "24"})
    assert SightLeave.objects.filter(case=case).count() == 2
    assert SightLeave.objects.get(withdrawn_at__isnull=True).until - SightLeave.objects.last().given_at == 24 * HOUR
    client.post(reverse("case_sight_withdrawal", args=[case.public_id]))
    assert running_leave(case, now=NOW) is None
    whats = AuditRecord.objects.filter(subject_type="support.sightleave").order_by("pk").values_list("what", flat=True)
    assert list(whats) == [*["leave to see trips given"] * 2, "leave to see trips withdrawn"]


def test_a_stranger_finds_no_leave_to_give(client, case, car, stranger):
    client.force_login(stranger)
    assert client.get(reverse("case_sight", args=[case.public_id])).status_code == 404
    assert client.post(reverse("case_sight_withdrawal", args=[case.public_id])).status_code == 404


def test_K1_no_page_of_the_desk_lists_trips_or_what_cars_reported():
    models = ["garage.Trip", "garage.DrivingDay", "garage.VehicleState", "support.SightLeave"]
    assert not any(admin.site.is_registered(apps.get_model(name)) for name in models)
