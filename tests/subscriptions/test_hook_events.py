"""What becomes an event, read from the audit trail once, with public ids alone (docs/webhooks.md)."""

import re
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.files.hooks import load_hooks
from accounts.hooks.finding import find_events
from accounts.hooks.kinds import KINDS
from accounts.models import HookDelivery, HookEndpoint, HookEvent, Notice
from accounts.rules.hooks import State, Why
from portal import audit
from portal.files.data_files import DataFileError
from portal.models import AuditRecord
from subscriptions.actions.cancel import cancel, undo_cancellation
from subscriptions.actions.closing import close, closing_quote
from subscriptions.actions.leave import removal_quote, remove_vehicle
from subscriptions.actions.offer_control import accept_offer, offer_control
from subscriptions.actions.provision import Report, take_provisioning_reports
from subscriptions.actions.run import charging_run
from subscriptions.models import Document, Payment, Provisioning, Refund
from subscriptions.rules.provisioning import State as Switched
from support.actions.cases import answer
from tests import make
from tests.accounts import hooks
from tests.support.cases import centre, opened

NOW = make.NOW
ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@pytest.fixture
def endpoint(market) -> HookEndpoint:
    return hooks.endpoint(now=NOW - timedelta(days=1))


@pytest.fixture
def yearly(endpoint, car, card, digital_key, gateway):
    return make.subscription(car, package=digital_key, gateway=gateway)


def found(*names: str) -> list[str]:
    """Kinds of what the trail tells of now, of these kinds alone."""
    before = set(HookEvent.objects.values_list("pk", flat=True))
    find_events(now=NOW)
    events = HookEvent.objects.exclude(pk__in=before).order_by("pk")
    return [event.kind for event in events if not names or event.kind in names]


def ids(kind: str) -> dict[str, str]:
    return HookEvent.objects.filter(kind=kind).latest("pk").ids


def without(kinds: Iterable[str], *left_out: str) -> list[str]:
    return [kind for kind in kinds if kind not in left_out]


def test_an_order_is_told_by_the_public_ids_with_which_the_app_asks(yearly, owner, car):
    begun = without(found(), "account.activated")
    assert begun[:2] == ["vehicle.added", "vehicle.control_gained"]
    assert {"subscription.begun", "document.issued", "notice.given"} <= set(begun)
    assert "subscription.renewed" not in begun
    account = {"account": str(owner.public_id)}
    assert ids("vehicle.control_gained") == account | {"vehicle": str(car.public_id)}
    assert ids("subscription.begun") == account | {"subscription": str(yearly.public_id)}
    assert ids("document.issued") == account | {"document": str(Document.objects.get().public_id)}
    assert ids("notice.given") == account | {"notice": str(Notice.objects.latest("pk").public_id)}


def test_a_further_period_renews_a_cancellation_ends_and_a_refund_settles(yearly, market, gateway, deliver, clock):
    find_events(now=NOW)
    clock.now = NOW + timedelta(days=366)
    charging_run(market=market, now=clock.now, gateway=gateway)
    assert found("subscription.renewed", "document.issued") == ["subscription.renewed", "document.issued"]
    assert ids("subscription.renewed")["payment"] == str(Payment.objects.latest("pk").public_id)
    clock.now += timedelta(days=40)
    cancel(subscription=yearly, confirmed=None, now=clock.now, by=yearly.account)
    deliver()
    of_interest = ("subscription.cancelled", "refund.settled", "document.issued")
    assert sorted(found(*of_interest)) == sorted(of_interest)
    assert ids("refund.settled")["refund"] == str(Refund.objects.get().public_id)
    charging_run(market=market, now=clock.now + timedelta(days=31), gateway=gateway)
    assert found("subscription.ended") == ["subscription.ended"]


def test_a_decline_is_told_and_a_cancellation_taken_back(endpoint, car, navigation, market, gateway, owner, clock):
    make.card(owner, gateway=gateway, behaves="insufficient_funds")
    trial = make.subscription(car, package=navigation, term="monthly", gateway=gateway)
    find_events(now=NOW)
    cancel(subscription=trial, confirmed=None, now=NOW, by=owner)
    undo_cancellation(subscription=trial, now=NOW + timedelta(days=1), by=owner)
    undone = ["subscription.cancelled", "subscription.cancellation_undone"]
    assert found(*undone) == undone
    clock.now = NOW + timedelta(days=30)
    charging_run(market=market, now=clock.now, gateway=gateway)
    assert found("payment.failed", "subscription.renewed") == ["payment.failed"]
    assert ids("payment.failed")["payment"] == str(Payment.objects.get().public_id)


def test_what_a_car_switches_is_told(endpoint, car, card, market, gateway, owner):
    remote = make.package("remote", market=market, is_set_up_in_car=True)
    ordered = make.subscription(car, package=remote, gateway=gateway)
    asked = Provisioning.objects.get()
    done = Report(order=asked.public_id, state=Switched.DONE, at=NOW)
    take_provisioning_reports(reports={0: done}, now=NOW)
    assert found("service.provisioned") == ["service.provisioned"]
    assert ids("service.provisioned")["subscription"] == str(ordered.public_id)


def test_V4_control_that_moves_is_gained_by_one_and_lost_by_the_other(endpoint, car, stranger):
    link = make.verified(stranger, car.vehicle)
    find_events(now=NOW)
    offered = offer_control(membership=car, email=stranger.email, confirmed=None, now=NOW, by=car.account)
    accept_offer(transfer=offered, now=NOW, by=stranger)
    both = ("vehicle.control_gained", "vehicle.control_lost")
    assert sorted(found(*both)) == sorted(both)
    assert ids("vehicle.control_gained") == {"account": str(stranger.public_id), "vehicle": str(link.public_id)}
    assert ids("vehicle.control_lost") == {"account": str(car.account.public_id), "vehicle": str(car.public_id)}


def test_a_car_that_leaves_and_an_account_that_closes_are_told(endpoint, car, owner):
    find_events(now=NOW)
    remove_vehicle(membership=car, confirmed=removal_quote(car, now=NOW), now=NOW, by=owner)
    assert without(found(), "notice.given") == ["vehicle.removed"]
    close(account=owner, confirmed=closing_quote(owner, now=NOW), now=NOW, by=owner)
    assert found("account.closed") == ["account.closed"]
    assert ids("account.closed") == {"account": str(owner.public_id)}


def test_an_answer_to_a_case_is_told(endpoint, market, owner, stranger):
    case = opened(owner) if centre(market) else None
    find_events(now=NOW)
    answer(case=case, text="We look into it.", now=NOW, by=stranger)
    assert found("case.answered") == ["case.answered"]
    assert ids("case.answered")["case"] == str(case.public_id)


def test_only_the_first_address_activates_an_account(endpoint, owner):
    for _address in range(2):
        audit.record("email_confirmed", account=owner, by=owner, now=NOW)
    assert found("account.activated") == ["account.activated"]


def test_no_event_says_more_than_public_ids_and_all_that_its_kind_names(yearly):
    find_events(now=NOW)
    for event in HookEvent.objects.all():
        assert (event.kind, set(event.ids)) == (event.kind, set(KINDS[event.kind].names))
        assert all(ID.fullmatch(value) for value in event.ids.values())


def test_each_record_tells_of_an_event_once_however_often_it_is_read(yearly):
    assert found()
    assert found() == []
    record = AuditRecord.objects.filter(what="subscribed").get()
    with pytest.raises(IntegrityError, match="hook_event_once_per_record"), transaction.atomic():
        HookEvent.objects.create(kind="subscription.begun", record_id=record.pk, at=NOW, created_at=NOW)


def test_an_endpoint_is_told_of_what_it_wants_and_of_nothing_before_it_was_there(yearly, endpoint):
    HookEndpoint.objects.update(kinds=["subscription.begun"])
    assert found() == ["subscription.begun"]
    assert HookDelivery.objects.get().state == State.WAITING
    HookEvent.objects.all().delete()
    HookEndpoint.objects.update(created_at=NOW + timedelta(seconds=1))
    assert found() == []


def test_without_an_endpoint_nothing_is_read(market, owner):
    assert find_events(now=NOW) == 0


def test_many_records_cost_as_many_queries_as_one(endpoint, owner):
    def told(count: int) -> int:
        records = [audit.unsaved("account closed", account=owner, by=None, now=NOW) for _each in range(count)]
        audit.append(records)
        with CaptureQueriesContext(connection) as captured:
            assert len(found("account.closed")) == count
        return len(captured)

    assert told(1) == told(50)


# The file of endpoints


def test_the_file_of_endpoints_is_loaded_twice_and_what_it_names_no_more_is_told_nothing(endpoint, tmp_path):
    assert load_hooks(hooks.FILE, addresses={}, now=NOW) == {hooks.CODE: "unchanged"}
    other = {hooks.CODE: "http://127.0.0.1:9/other"}
    assert load_hooks(hooks.FILE, addresses=other, now=NOW) == {hooks.CODE: "changed"}
    another = tmp_path / "webhooks.yaml"
    another.write_text(hooks.FILE.read_text().replace(hooks.CODE, "another"))
    outcomes = load_hooks(another, addresses={"another": endpoint.url}, now=NOW)
    assert outcomes == {"another": "created", hooks.CODE: "removed"}
    endpoint.refresh_from_db()
    assert endpoint.disabled_why == Why.REMOVED
    assert load_hooks(hooks.FILE, addresses={}, now=NOW) == {hooks.CODE: "changed", "another": "removed"}


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ("client: lexus-link-backend", "client: lexus-registry", "no machine with the scope webhooks"),
        ("- case.answered", "- case.read", "case.read"),
        ("code: app-backend", "code: another", "--address another=https://"),
    ],
)
def test_a_fault_in_the_file_of_endpoints_is_named(endpoint, tmp_path: Path, before, after, fault):
    wrong = tmp_path / "webhooks.yaml"
    wrong.write_text(hooks.FILE.read_text().replace(before, after))
    with pytest.raises(DataFileError, match=re.escape(fault)):
        load_hooks(wrong, addresses={}, now=NOW)
