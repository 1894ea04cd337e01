"""Incidents and maintenance: who writes them, whom they concern, and what stays of them (C1)."""

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from portal.models import AuditRecord, Market
from portal.roles import load_roles
from subscriptions.centre.incidents import AHEAD, incident_of, incidents_of, work_of
from subscriptions.models import ServiceIncident
from subscriptions.rules.not_working import Work
from tests import make
from tests.staff import sign_in_at_the_desk
from tests.subscriptions.incidents import incident

NOW = make.NOW
HOUR = timedelta(hours=1)


@pytest.fixture
def write(market):
    return incident


def works(package, market, now=NOW) -> Work:
    return work_of(incident_of(package, incidents_of(market, now=now)), now=now)


def test_an_incident_lasts_from_its_beginning_until_its_end(write, market, navigation):
    write(packages=[navigation], began_at=NOW, ends_at=NOW + HOUR)
    seen = [works(navigation, market, NOW + passed) for passed in (-AHEAD - HOUR, -HOUR, 0 * HOUR, HOUR)]
    assert seen == [Work.NONE, Work.ANNOUNCED, Work.INCIDENT, Work.NONE]


def test_one_whose_end_nobody_knows_goes_on(write, market, navigation):
    write(packages=[navigation], began_at=NOW - make.days(40), kind="maintenance")
    assert works(navigation, market) is Work.MAINTENANCE


def test_it_concerns_a_package_by_itself_by_a_service_or_because_it_names_none(write, market, navigation, digital_key):
    write(packages=[navigation])
    write(services=digital_key.services.all(), kind="maintenance")
    assert (works(navigation, market), works(digital_key, market)) == (Work.INCIDENT, Work.MAINTENANCE)
    other = make.package("other", market=market)
    assert works(other, market) is Work.NONE
    write()
    assert works(other, market) is Work.INCIDENT


def test_it_is_of_its_markets(write, market, navigation):
    elsewhere = Market.objects.get()
    elsewhere.pk, elsewhere.code, elsewhere.is_default = None, "GR", False
    elsewhere.save()
    write(markets=[elsewhere])
    assert (works(navigation, market), works(navigation, elsewhere)) == (Work.NONE, Work.INCIDENT)
    write(markets=[market, elsewhere])
    assert len(incidents_of(elsewhere, now=NOW)) == 2


def test_what_goes_on_comes_before_what_is_announced(write, market, navigation):
    write(began_at=NOW + HOUR, kind="maintenance")
    write(began_at=NOW - HOUR, kind="incident")
    assert works(navigation, market) is Work.INCIDENT


def test_one_does_not_end_before_it_begins(write):
    with pytest.raises(IntegrityError):
        write(began_at=NOW, ends_at=NOW)


def test_every_state_of_it_stays_in_the_audit_trail(write, owner, navigation):
    row = write(packages=[navigation], began_at=NOW)
    write(incident=row, packages=[], began_at=NOW, ends_at=NOW + HOUR, by=owner)
    first, last = AuditRecord.objects.filter(what__startswith="incident").order_by("pk")
    assert (first.what, first.data["packages"], first.data["ends_at"]) == ("incident written", ["navigation"], None)
    assert (last.what, last.data["packages"], last.by) == ("incident changed", [], owner)
    assert ServiceIncident.objects.count() == 1


def test_the_demo_brings_one_that_is_over_and_one_that_is_announced(market, navigation, settings):
    for _ in range(2):
        call_command("bring_sample_incidents")
    now = timezone.now()
    assert [row.kind for row in incidents_of(market, now=now)] == ["maintenance"]
    assert sorted(ServiceIncident.objects.values_list("kind", flat=True)) == ["incident", "maintenance"]
    settings.MODE = "production"
    with pytest.raises(CommandError):
        call_command("bring_sample_incidents")


# At the desk


@pytest.fixture
def desk_of(client, market):
    load_roles()

    def of(role: str):
        who = make.account(f"{role}@staff.example.com", market=market, is_staff=True)
        who.groups.set(Group.objects.filter(name=role))
        return sign_in_at_the_desk(client, who)

    return of


def written(**changes) -> dict[str, object]:
    facts = {"kind": "incident", "began_at": "2026-06-10T08:00", "ends_at": ""}
    words = {"title_en": "Traffic", "title_el": "Κίνηση", "text_en": "No traffic.", "text_el": "Χωρίς κίνηση."}
    return facts | words | changes


@pytest.mark.parametrize("role", ["editor", "administrator"])
def test_K1_editors_and_administrators_write_one_and_end_it(desk_of, market, navigation, role):
    desk = desk_of(role)
    address = reverse("admin:subscriptions_serviceincident_add")
    assert "By the clock at the top of the page." in desk.get(address).text
    desk.post(address, written(packages=[navigation.pk], markets=[market.pk]))
    row = ServiceIncident.objects.get()
    assert row.began_at == datetime(2026, 6, 10, 8, tzinfo=market.zone)
    assert (row.titles, list(row.packages.all())) == ({"en": "Traffic", "el": "Κίνηση"}, [navigation])
    change = reverse("admin:subscriptions_serviceincident_change", args=[row.pk])
    assert "No traffic." in desk.get(change).text
    desk.post(change, written(ends_at="2026-06-10T09:00"))
    row.refresh_from_db()
    assert (row.ends_at - row.began_at, row.packages.count()) == (HOUR, 0)
    assert AuditRecord.objects.filter(subject_type="subscriptions.serviceincident").count() == 2
    assert "Traffic" in desk.get(reverse("admin:subscriptions_serviceincident_changelist")).text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"ends_at": "2026-06-10T07:00"}, "It cannot end before it begins."),
        ({"text_el": ""}, "This field is required."),
        ({"text_en": "4242 4242 4242 4242"}, "card number"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(desk_of, changes, said):
    answer = desk_of("editor").post(reverse("admin:subscriptions_serviceincident_add"), written(**changes))
    assert said in answer.text
    assert "Traffic" in answer.text
    assert not ServiceIncident.objects.exists()


@pytest.mark.parametrize(("role", "status"), [("agent", 200), ("finance", 200), ("dealer", 403)])
def test_K1_the_customer_centre_reads_it_and_changes_nothing(desk_of, write, role, status):
    row = write()
    desk = desk_of(role)
    assert desk.get(reverse("admin:subscriptions_serviceincident_change", args=[row.pk])).status_code == status
    assert desk.get(reverse("admin:subscriptions_serviceincident_add")).status_code == 403
    assert desk.post(reverse("admin:subscriptions_serviceincident_delete", args=[row.pk])).status_code == 403


def test_nobody_deletes_one_not_even_an_administrator(desk_of, write):
    row = write()
    desk = desk_of("administrator")
    assert desk.post(reverse("admin:subscriptions_serviceincident_delete", args=[row.pk])).status_code == 403
