"""What a dealer does at a car whose customer showed a code, at the desk (K1, V3, V4, X7)."""

from datetime import date, timedelta

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.urls import reverse

from accounts.actions.terms import accept_terms
from accounts.models import Notice, TermsVersion
from garage.actions.dealer_code import issue_dealer_code, note_identity, open_dealer_access
from garage.models import AccessCheck, DealerAccess, Membership, Sale, WorkshopStaff
from garage.rules.dealer_desk import Paper
from portal.models import AuditRecord, StaffRead
from subscriptions.actions.control import object_to, request_control
from subscriptions.actions.dealer import (
    activate_at_dealer,
    decide_at_dealer,
    hand_over_at_dealer,
    release_at_dealer,
    unblock_at_dealer,
)
from subscriptions.actions.leave import removal_quote
from subscriptions.actions.sell import sale_removal
from subscriptions.admin.dealer_forms import HandOverForm
from subscriptions.models import Subscription
from tests import make
from tests.refusing import refused
from tests.staff import sign_in_at_the_desk

NOW = make.NOW
REASON = "As the customer asked."


@pytest.fixture
def mechanic(market):
    made = make.account("dealer@staff.example.com", market=market, is_staff=True, first_name="Anna", last_name="Panou")
    made.groups.add(Group.objects.get(name="dealer"))
    WorkshopStaff.objects.create(account=made, workshop=make.workshop(market))
    return made


@pytest.fixture
def clock_stands():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def desk(client, mechanic, clock_stands):
    return sign_in_at_the_desk(client, mechanic)


def opened(car, mechanic, *, is_seen=True):
    code = issue_dealer_code(membership=car, now=NOW, by=car.account).code
    access = open_dealer_access(code=code, now=NOW, by=mechanic)
    return note_identity(access=access, paper=Paper.PASSPORT, note="Seen.", now=NOW, by=mechanic) if is_seen else access


def url(access, noun="change"):
    return reverse(f"admin:garage_dealeraccess_{noun}", args=[access.pk])


def told(kind, **facts):
    return Notice.objects.filter(kind=kind, **{f"facts__{name}": value for name, value in facts.items()}).count()


def confirmed(desk, page, **typed):
    """What was shown, handed back."""
    form = desk.post(page, typed).context["form"] if typed else desk.get(page).context["form"]
    return {"shown": form.initial["shown"], "reason": REASON, **typed}


def test_K1_by_the_code_to_the_car_whose_page_shows_no_more_than_the_work_needs(desk, car, digital_key, gateway, card):
    make.subscription(car, package=digital_key, gateway=gateway)
    code = issue_dealer_code(membership=car, now=NOW, by=car.account).code
    answer = desk.post(reverse("admin:garage_dealeraccess_code"), {"code": code}, follow=True)
    page = answer.content.decode()
    assert all(each in page for each in ("Eleni Georgiou", car.vehicle.vin, "Check identity", "running"))
    for hidden in (car.account.email, "Makariou", "60.00", f"Visa {card.last4}", "Unblock"):
        assert hidden not in page
    assert StaffRead.objects.get().role == "dealer"


def test_K1_a_wrong_code_says_so(desk):
    answer = desk.post(reverse("admin:garage_dealeraccess_code"), {"code": "2222-2222"})
    assert "not valid" in answer.content.decode()


def test_K1_after_ten_minutes_or_with_the_role_lost_it_is_a_403(desk, car, mechanic, clock_stands):
    access = opened(car, mechanic)
    assert desk.get(url(access, "release")).status_code == 200
    mechanic.groups.clear()
    assert desk.get(url(access, "release")).status_code == 403
    mechanic.groups.add(Group.objects.get(name="dealer"))
    clock_stands.move_to(NOW + timedelta(minutes=10), tick=False)
    answers = {noun: desk.get(url(access, noun)).status_code for noun in ("change", "release", "identity")}
    assert answers == dict.fromkeys(answers, 403)
    assert desk.get(reverse("admin:garage_dealeraccess_changelist")).context["cl"].result_count == 0


def test_K1_another_dealers_staff_finds_nothing_of_it_and_the_customer_centre_only_reads(client, desk, car, mechanic):
    access = opened(car, mechanic)
    market = car.account.market
    colleague = make.account("b@staff.example.com", market=market, is_staff=True)
    colleague.groups.add(Group.objects.get(name="dealer"))
    WorkshopStaff.objects.create(account=colleague, workshop=WorkshopStaff.objects.get().workshop)
    sign_in_at_the_desk(client, colleague)
    assert client.get(url(access)).status_code == 302
    assert client.get(url(access, "release")).status_code == 404
    agent = make.account("agent@staff.example.com", market=market, is_staff=True)
    agent.groups.add(Group.objects.get(name="agent"))
    sign_in_at_the_desk(client, agent)
    assert client.get(url(access)).status_code == 200
    assert client.get(url(access, "release")).status_code == 403
    assert client.get(reverse("admin:garage_dealeraccess_code")).status_code == 403


def test_V3_identity_first_then_the_block_is_taken_away_with_the_note(desk, car, mechanic):
    blocked, _created = AccessCheck.objects.update_or_create(
        account=car.account, vehicle=car.vehicle, defaults={"wrong_tries": 3, "blocked_at": NOW - timedelta(days=1)}
    )
    access = opened(car, mechanic, is_seen=False)
    with refused("identity_not_seen"):
        unblock_at_dealer(access=access, now=NOW, by=mechanic)
    boxes = {"is_same_person": "on", "has_car_papers": "on", "has_key": "on"}
    desk.post(url(access, "identity"), {"paper": "passport", "note": "Came by herself.", **boxes})
    assert "Unblock" in desk.get(url(access)).content.decode()
    assert desk.post(url(access, "unblocking"), {"go": "on"}).status_code == 302
    blocked.refresh_from_db()
    unblocking = blocked.unblockings.get()
    assert (blocked.wrong_tries, unblocking.note) == (0, "Came by herself.")
    assert unblocking.identity_checked_by == "Anna Panou, Sample Motors Nicosia"
    assert told("access_unblocked") == 1
    with refused("not_blocked"):
        unblock_at_dealer(access=access, now=NOW, by=mechanic)


def test_C3_a_dealer_activates_what_is_free_only_by_the_terms_that_the_customer_accepted(desk, owner, mechanic):
    package = make.package("standard", market=owner.market, complimentary_months={"MM21": 48})
    car = make.active_car(owner, 3, warranty_start=date(2025, 6, 1))
    access = opened(car, mechanic)
    texts = {"en": "New.", "el": "Νέα."}
    newer = TermsVersion.objects.create(market=owner.market, version="2026-06", effective_at=NOW, texts=texts)
    with refused("terms_missing"):
        activate_at_dealer(access=access, package=package, now=NOW, by=mechanic)
    assert "only the customer can" in desk.get(url(access)).content.decode()
    accept_terms(account=owner, version=newer, channel="portal", now=NOW, by=owner)
    assert desk.post(url(access, "activation"), {"subject": package.code}).status_code == 302
    made = Subscription.objects.get()
    assert (made.account, made.status) == (owner, "complimentary")
    assert AuditRecord.objects.get(what="activated").by == mechanic
    assert told("dealer_acted", change="activated") == 1


def test_X10_a_dealer_cancels_with_the_effect_to_the_cent(desk, car, digital_key, gateway, card, mechanic):
    running = make.subscription(car, package=digital_key, gateway=gateway)
    access = opened(car, mechanic)
    page, subject = url(access, "cancellation"), running.public_id.hex
    assert "Go on" in desk.get(page).content.decode()
    shown = desk.post(page, {"subject": subject})
    assert "60.00" in shown.content.decode()
    forged = {"subject": subject, "shown": "forged", "reason": REASON}
    assert desk.post(page, forged).status_code == 200
    assert desk.post(page, confirmed(desk, page, subject=subject)).status_code == 302
    running.refresh_from_db()
    assert running.cancelled_at == NOW
    assert told("cancellation_confirmed") == 1


def test_X7_a_released_car_leaves_with_refund_and_certificate(desk, car, digital_key, gateway, card, mechanic):
    make.subscription(car, package=digital_key, gateway=gateway)
    access = opened(car, mechanic)
    page = url(access, "release")
    assert "60.00" in desk.get(page).content.decode()
    sent = confirmed(desk, page) | {"is_screen_cleared": "on"}
    assert desk.post(page, sent)["Location"] == reverse("admin:garage_dealeraccess_changelist")
    car.refresh_from_db()
    sale = Sale.objects.get()
    assert (car.ended_at, sale.is_finished, bool(sale.check_id)) == (NOW, True, True)
    assert told("dealer_acted", change="released", refund="60.00") == 1
    assert AuditRecord.objects.get(what="sale finished").account == car.account
    assert desk.get(url(access)).status_code == 403


def test_X7_a_link_without_control_just_ends(desk, car, stranger, mechanic):
    link = make.linked(stranger, car.vehicle)
    access = opened(link, mechanic)
    page = url(access, "release")
    assert desk.post(page, confirmed(desk, page)).status_code == 302
    link.refresh_from_db()
    assert (link.ended_at, Sale.objects.exists()) == (NOW, False)


def test_V4_control_goes_to_another_account_that_has_the_car(desk, car, stranger, digital_key, gateway, card, mechanic):
    make.subscription(car, package=digital_key, gateway=gateway)
    access = opened(car, mechanic)
    page = url(access, "handover")
    assert "in a garage of that address" in desk.post(page, {"email": stranger.email}).content.decode()
    make.linked(stranger, car.vehicle)
    shown = desk.post(page, {"email": stranger.email})
    assert isinstance(shown.context["form"], HandOverForm)
    assert "60.00" in shown.content.decode()
    sent = confirmed(desk, page, email=stranger.email) | {"has_seen_both": "on"}
    assert desk.post(page, sent).status_code == 302
    active = Membership.objects.get(is_active=True)
    assert (active.account, active.is_verified) == (stranger, True)
    assert Subscription.objects.get().end_reason == "control_lost"
    assert told("control_moved") == 2
    quote = removal_quote(car, now=NOW)
    with refused("not_in_control"):
        hand_over_at_dealer(access=access, email=stranger.email, confirmed=quote, reason=REASON, now=NOW, by=mechanic)


def test_K7_while_the_account_is_barred_no_dealer_releases_its_car(car, stranger, mechanic):
    make.linked(stranger, car.vehicle)
    access = opened(car, mechanic)
    type(car.account).objects.update(barred_until=NOW + timedelta(hours=1))
    facts = {"access": access, "reason": REASON, "now": NOW, "by": mechanic}
    shown = sale_removal(car, now=NOW)
    with refused("barred"):
        release_at_dealer(confirmed=shown, is_screen_cleared=True, **facts)
    with refused("barred"):
        hand_over_at_dealer(email=stranger.email, confirmed=removal_quote(car, now=NOW), **facts)


def test_V4_a_request_that_was_objected_to_is_decided_at_the_dealer(
    desk, car, stranger, digital_key, gateway, card, mechanic
):
    make.subscription(car, package=digital_key, gateway=gateway)
    asking = make.verified(stranger, car.vehicle)
    transfer = request_control(membership=asking, now=NOW, by=stranger)
    object_to(transfer=transfer, now=NOW, by=car.account)
    access = opened(asking, mechanic)
    page = url(access, "decision")
    text = desk.get(page).content.decode()
    assert car.account.email not in text
    assert "60.00" in text
    assert desk.post(page, confirmed(desk, page) | {"outcome": "moves"}).status_code == 302
    assert Membership.objects.get(is_active=True).account == stranger
    with refused("transfer_over"):
        decide_at_dealer(
            access=access, moves=True, confirmed=removal_quote(car, now=NOW), reason=REASON, now=NOW, by=mechanic
        )


def test_K1_done_ends_it_and_the_home_of_a_dealer_leads_to_its_work(desk, car, mechanic):
    access = opened(car, mechanic)
    assert desk.post(url(access, "ending"), {"go": "on"}).status_code == 302
    assert not DealerAccess.objects.get().holds(NOW)
    home = desk.get(reverse("admin:index")).content.decode()
    for page in ("garage_booking", "garage_dealeraccess", "garage_tradein", "subscriptions_referral"):
        assert reverse(f"admin:{page}_changelist") in home
