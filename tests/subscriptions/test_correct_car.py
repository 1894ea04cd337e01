"""A car's registry facts corrected with evidence: what changes is shown, told, and not undone by an import (K3, C4)."""

import re
from datetime import date
from functools import partial

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.urls import reverse

from accounts.models import Notice
from garage.actions.add import vehicle_of
from garage.corrections import corrected
from garage.models import FactCorrection, RegistryEntry
from garage.registry import get_registry
from portal.models import AuditRecord
from portal.roles import load_roles
from subscriptions.actions.correct_car import correct_car
from subscriptions.actions.entitle import activate_complimentary
from subscriptions.ledger.check import check_ledger
from tests import make
from tests.refusing import refusal_code
from tests.staff import sign_in_at_the_desk

FACTS = {"warranty_start": date(2025, 3, 15)}
WORDS = {"evidence": "case CY-1", "told": "It was registered later.", "reason": "invoice seen"}


@pytest.fixture
def agent(market):
    return make.account("agent@staff.example.com", market=market, is_staff=True)


@pytest.fixture
def free(owner, market):
    """Free for three years from 15 March 2024."""
    car = make.active_car(owner, warranty_start=date(2024, 3, 15))
    package = make.package("remote", market=market, complimentary_months={"MM21": 36})
    return activate_complimentary(account=owner, vehicle=car.vehicle, package=package, now=make.NOW, by=owner)


def fix(subscription, agent, now, **facts):
    return correct_car(vehicle=subscription.vehicle, facts=facts or FACTS, now=now, by=agent, **WORDS)


def test_C4_the_free_years_follow_and_the_owner_is_told(free, owner, agent, now):
    assert free.ends_on == date(2027, 3, 15)
    fix(free, agent, now)
    free.refresh_from_db()
    assert free.ends_on == date(2028, 3, 15)
    told = Notice.objects.get(account=owner, kind="car_facts_corrected")
    assert (told.facts["told"], told.facts["ends"][0]["ends_on"]) == ("It was registered later.", "2028-03-15")
    record = AuditRecord.objects.get(what="car facts corrected")
    assert (record.by, record.data["evidence"], record.data["reason"]) == (agent, "case CY-1", "invoice seen")


def test_K3_the_next_look_at_the_registry_does_not_undo_it(free, agent, now):
    fix(free, agent, now)
    said = get_registry().by_vin(free.vehicle.vin)
    assert said.warranty_start == date(2024, 3, 15)
    assert vehicle_of(said, now=now).warranty_start == date(2025, 3, 15)
    assert corrected(said).warranty_start == date(2025, 3, 15)
    assert not list(check_ledger(now=now))


def test_K3_a_registry_that_says_something_new_becomes_work(free, agent, now):
    fix(free, agent, now)
    RegistryEntry.objects.filter(vin=free.vehicle.vin).update(warranty_start=date(2024, 6, 1))
    [finding] = check_ledger(now=now)
    assert (finding.check, finding.subject) == ("correction_overtaken", free.vehicle.vin)
    RegistryEntry.objects.filter(vin=free.vehicle.vin).update(warranty_start=date(2025, 3, 15))
    assert not list(check_ledger(now=now))


def test_K3_one_correction_of_a_fact_stands(free, agent, now):
    fix(free, agent, now)
    assert refusal_code(partial(fix, free, agent), now=now) == "nothing_changed"
    fix(free, agent, now, warranty_start=date(2024, 9, 15), plate="KBB 777")
    standing = FactCorrection.objects.filter(replaced_at__isnull=True)
    assert dict(standing.values_list("fact", "value")) == {"warranty_start": "2024-09-15", "plate": "KBB 777"}


def test_K3_the_page_shows_what_it_brings_before_it_is_done(free, agent, client, now):
    load_roles()
    agent.groups.set(Group.objects.filter(name="agent"))
    with time_machine.travel(now, tick=False):
        desk = sign_in_at_the_desk(client, agent)
        vehicle = free.vehicle
        assert "Correct the facts" in desk.get(reverse("admin:garage_vehicle_change", args=[vehicle.pk])).text
        url = reverse("admin:garage_vehicle_correction", args=[vehicle.pk])
        facts = {name: getattr(vehicle, name) or "" for name in ("plate", "model", "powertrain", "multimedia")}
        sent = facts | WORDS | {"warranty_start": "2025-03-15"}
        shown = desk.post(url, sent)
        text = re.sub(r"\s+", " ", shown.text)
        assert "15 March 2027 → 15 March 2028" in text
        assert "owner@example.com" in text
        mark = re.search(r'name="shown" value="([^"]*)"', shown.text)[1]
        assert "The facts are corrected" in desk.post(url, sent | {"shown": mark}, follow=True).text
    free.refresh_from_db()
    assert free.ends_on == date(2028, 3, 15)
