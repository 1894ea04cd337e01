"""One contract for every gateway: what the portal may rely on (P4, P6, P7, X6, W2)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from subscriptions.gateway.port import (
    Charged,
    Declined,
    DisputeStanding,
    Event,
    ForgedEvent,
    NeedsAuthentication,
    OutcomeUnknown,
    ProviderDown,
    Refunded,
    RefundRejected,
    SetupFailed,
    SetupPending,
)
from subscriptions.gateway.sandbox.cards import card_number
from tests.gateway.calls import add_card, begin, charge, charge_present, refund

# Adding a card


def test_a_setup_is_pending_until_the_customer_has_finished(gateway):
    page = begin(gateway)
    assert page.setup_ref in page.url
    assert gateway.card_setup(setup_ref=page.setup_ref) == SetupPending()


def test_the_same_key_gives_the_same_page(gateway):
    assert begin(gateway) == begin(gateway)
    assert begin(gateway) != begin(gateway, key="setup-2")


def test_a_finished_setup_gives_the_card_without_its_number(gateway):
    number = card_number("mastercard", 7)
    card = add_card(gateway, number=number)
    assert (card.brand, card.funding, card.last4) == ("mastercard", "credit", number[-4:])
    assert (card.exp_month, card.exp_year) == (12, 2030)
    assert number not in repr(card)


def test_the_fingerprint_is_of_the_number(gateway):
    first, again, other = (add_card(gateway, nth=nth, key=key) for nth, key in ((1, "a"), (1, "b"), (2, "c")))
    assert first.fingerprint == again.fingerprint != other.fingerprint
    assert first.card_ref != again.card_ref


@pytest.mark.parametrize(
    ("entered", "reason"),
    [
        ({"authenticate": False}, "authentication_failed"),
        ({"behaviour": "fails_3ds"}, "authentication_failed"),
        ({"exp_month": 12, "exp_year": 2023}, "expired"),
    ],
)
def test_a_setup_that_fails_says_why_and_adds_nothing(gateway, entered, reason):
    page = begin(gateway)
    card = {"number": card_number("visa", 0), "exp_month": 1, "exp_year": 2024} | entered
    assert gateway.complete_setup(setup_ref=page.setup_ref, **card) == SetupFailed(reason=reason)
    assert gateway.card_setup(setup_ref=page.setup_ref) == SetupFailed(reason=reason)


def test_a_finished_setup_takes_no_second_card(gateway):
    page, cards = begin(gateway), [card_number("visa", 1), card_number("visa", 2)]
    outcomes = [
        gateway.complete_setup(setup_ref=page.setup_ref, number=number, exp_month=1, exp_year=2030) for number in cards
    ]
    assert outcomes[0] == outcomes[1]


@pytest.mark.parametrize(
    "return_url",
    [
        "https://evil.example/",
        "//evil.example/",
        "http://portal.example:8000@evil.example/",
        "http://portal.example:8000\\@evil.example/",
        "http://portal.example:80001/",
        "https://portal.example:8000/",
        "http://portal.example:8000/\r\nSet-Cookie: a=b",
        "javascript:alert(1)",
        "/wallet/",
        "http://[portal/",
        "",
    ],
)
def test_a_return_address_elsewhere_is_refused(gateway, return_url):
    with pytest.raises(ValueError, match="return address"):
        begin(gateway, return_url=return_url)


def test_an_unknown_setup_or_card_is_an_error_of_the_caller(gateway):
    with pytest.raises(ValueError):
        gateway.card_setup(setup_ref="setup_unknown")
    with pytest.raises(ValueError):
        gateway.forget_card(card_ref="card/../unknown?")


# Charging


def test_a_charge_is_made_and_listed_once(gateway, clock):
    card = add_card(gateway)
    charged = charge(gateway, card)
    assert charged == Charged(charge_ref=charged.charge_ref, amount=Decimal("99.00"), currency="EUR")
    [record] = gateway.charges()
    assert (record.key, record.charge_ref, record.card_ref) == ("charge-1", charged.charge_ref, card.card_ref)
    assert (str(record.amount), record.currency, str(record.refunded)) == ("99.00", "EUR", "0.00")
    assert record.created_at == clock.now


def test_the_list_goes_on_after_a_charge_and_leaves_out_what_is_older(gateway, clock):
    card, moments = add_card(gateway), []
    for nth in range(3):
        clock.now += timedelta(hours=20, microseconds=nth)
        moments.append(clock.now)
        charge(gateway, card, key=f"charge-{nth}")
    first, second, third = gateway.charges()
    assert gateway.charges(after=first.charge_ref) == [second, third]
    nicosia = moments[1].astimezone(ZoneInfo("Asia/Nicosia"))
    assert gateway.charges(since=nicosia) == [second, third]
    assert gateway.charges(since=nicosia + timedelta(microseconds=1), after=first.charge_ref) == [third]
    assert gateway.charges(after=third.charge_ref) == []


def test_the_list_has_no_charge_that_was_declined(gateway):
    assert isinstance(charge(gateway, add_card(gateway, "insufficient_funds")), Declined)
    assert gateway.charges() == []


def test_the_same_key_never_charges_twice(gateway):
    card = add_card(gateway)
    assert charge(gateway, card) == charge(gateway, card) == gateway.find_charge(key="charge-1")
    assert len(gateway.charges()) == 1


@pytest.mark.parametrize("changed", [{"amount": "99.01"}, {"currency": "GBP"}])
def test_the_same_key_with_another_request_is_an_error_of_the_caller(gateway, changed):
    card = add_card(gateway)
    charged = charge(gateway, card)
    with pytest.raises(ValueError, match="charge-1"):
        charge(gateway, card, **changed)
    with pytest.raises(ValueError, match="charge-1"):
        refund(gateway, charged, key="charge-1")


@pytest.mark.parametrize("amount", ["0", "-1.00", "0.001", "NaN", "Infinity"])
def test_an_amount_that_cannot_be_moved_is_an_error_of_the_caller(gateway, amount):
    card = add_card(gateway)
    with pytest.raises(ValueError):
        charge(gateway, card, amount=amount)
    assert gateway.charges() == []


def test_eight_threads_with_one_key_see_one_charge(gateway):
    card = add_card(gateway)
    with ThreadPoolExecutor(8) as pool:
        outcomes = set(pool.map(lambda _: charge(gateway, card), range(16)))
    assert len(outcomes) == len(gateway.charges()) == 1


@pytest.mark.parametrize(
    ("behaviour", "expected"),
    [
        ("insufficient_funds", Declined(reason="insufficient_funds")),
        ("expired", Declined(reason="expired")),
        ("stolen", Declined(reason="stolen", is_final=True)),
        ("needs_authentication", NeedsAuthentication()),
    ],
)
def test_a_refusal_is_a_value_and_is_replayed_under_its_key(gateway, behaviour, expected):
    card = add_card(gateway, behaviour)
    assert charge(gateway, card) == expected
    gateway.set_behaviour(card_ref=card.card_ref, behaviour="ok")
    assert charge(gateway, card) == gateway.find_charge(key="charge-1") == expected
    assert isinstance(charge(gateway, card, key="charge-2"), Charged)


def test_a_card_is_good_until_the_last_day_of_its_expiry_month(gateway, clock):
    card = add_card(gateway, exp_month=2, exp_year=2024)
    clock.now = datetime(2024, 2, 29, 23, 59, tzinfo=UTC)
    assert isinstance(charge(gateway, card), Charged)
    clock.now = datetime(2024, 3, 1, tzinfo=UTC)
    assert charge(gateway, card, key="charge-2") == Declined(reason="expired")


def test_a_provider_that_is_down_has_done_nothing(gateway):
    card = add_card(gateway, "provider_down")
    with pytest.raises(ProviderDown):
        charge(gateway, card)
    assert gateway.find_charge(key="charge-1") is None
    gateway.set_behaviour(card_ref=card.card_ref, behaviour="ok")
    assert isinstance(charge(gateway, card), Charged)


def test_a_lost_answer_is_found_by_its_key(gateway):
    card = add_card(gateway, "timeout_charged")
    with pytest.raises(OutcomeUnknown):
        charge(gateway, card)
    assert isinstance(gateway.find_charge(key="charge-1"), Charged)
    assert charge(gateway, card) == gateway.find_charge(key="charge-1")
    assert len(gateway.charges()) == 1


def test_a_lost_request_is_not_found_and_can_be_sent_again(gateway):
    card = add_card(gateway, "timeout_not_charged")
    with pytest.raises(OutcomeUnknown):
        charge(gateway, card)
    assert gateway.find_charge(key="charge-1") is None
    assert isinstance(charge(gateway, card), Charged)
    assert len(gateway.charges()) == 1


def test_a_forgotten_card_takes_refunds_but_no_new_charge(gateway):
    card = add_card(gateway)
    charged = charge(gateway, card)
    gateway.forget_card(card_ref=card.card_ref)
    gateway.forget_card(card_ref=card.card_ref)
    assert charge(gateway, card, key="charge-2") == Declined(reason="declined")
    assert isinstance(refund(gateway, charged), Refunded)


def test_a_key_that_was_never_taken_is_none(gateway):
    assert gateway.find_charge(key="a key/with?signs&é") is None
    assert gateway.find_refund(key="never") is None


# Charging while the customer is here


def test_a_charge_that_the_bank_lets_through_needs_no_page(gateway):
    card = add_card(gateway)
    assert isinstance(charge_present(gateway, card), Charged)
    assert charge(gateway, card) == charge_present(gateway, card) == gateway.find_charge(key="charge-1")
    assert len(gateway.charges()) == 1


@pytest.mark.parametrize(
    ("is_confirmed", "expected"), [(True, Charged), (False, Declined(reason="authentication_failed"))]
)
def test_P8_the_customers_answer_is_the_charges_outcome(gateway, is_confirmed, expected):
    card = add_card(gateway, "needs_authentication")
    waiting = charge_present(gateway, card)
    assert waiting.url.startswith("http")
    assert charge_present(gateway, card) == gateway.find_charge(key="charge-1") == waiting
    for _twice in range(2):
        gateway.confirm_charge(url=waiting.url, is_confirmed=is_confirmed)
    outcome = gateway.find_charge(key="charge-1")
    assert outcome == charge_present(gateway, card) == charge(gateway, card)
    assert isinstance(outcome, Charged) if is_confirmed else outcome == expected
    assert len(gateway.charges()) == int(is_confirmed)


def test_a_customer_who_does_not_answer_within_half_an_hour_has_not_paid(gateway, clock):
    waiting = charge_present(gateway, add_card(gateway, "needs_authentication"))
    clock.now += timedelta(minutes=31)
    assert gateway.find_charge(key="charge-1") == Declined(reason="authentication_failed")
    gateway.confirm_charge(url=waiting.url)
    assert gateway.find_charge(key="charge-1") == Declined(reason="authentication_failed")
    assert gateway.charges() == []


def test_a_charge_is_not_sent_back_to_elsewhere(gateway):
    with pytest.raises(ValueError, match="return address"):
        charge_present(gateway, add_card(gateway), return_url="https://evil.example/")


# Refunding


def test_refunds_are_full_or_partial_and_never_above_what_is_left(gateway):
    charged = charge(gateway, add_card(gateway))
    part = refund(gateway, charged, amount="66.00")
    assert part == Refunded(refund_ref=part.refund_ref, amount=Decimal("66.00"))
    assert refund(gateway, charged, key="refund-2", amount="33.01") == RefundRejected(reason="exceeds_charge")
    assert isinstance(refund(gateway, charged, key="refund-3", amount="33.00"), Refunded)
    assert str(gateway.charges()[0].refunded) == "99.00"


def test_the_same_key_never_refunds_twice(gateway):
    charged = charge(gateway, add_card(gateway))
    outcomes = {refund(gateway, charged, amount="10.00") for _ in range(2)}
    assert outcomes == {gateway.find_refund(key="refund-1")}
    assert str(gateway.charges()[0].refunded) == "10.00"


def test_parallel_refunds_never_exceed_the_charge(gateway):
    charged = charge(gateway, add_card(gateway), amount="10.00")
    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(lambda n: refund(gateway, charged, key=f"r{n}", amount="3.00"), range(8)))
    assert sum(isinstance(outcome, Refunded) for outcome in outcomes) == 3
    assert str(gateway.charges()[0].refunded) == "9.00"


def test_a_rejected_refund_pays_nothing_and_a_new_key_tries_again(gateway):
    card = add_card(gateway)
    charged = charge(gateway, card)
    gateway.set_refund_behaviour(card_ref=card.card_ref, behaviour="rejected")
    assert refund(gateway, charged) == RefundRejected(reason="rejected")
    gateway.set_refund_behaviour(card_ref=card.card_ref, behaviour="ok")
    assert refund(gateway, charged) == gateway.find_refund(key="refund-1") == RefundRejected(reason="rejected")
    assert isinstance(refund(gateway, charged, key="refund-2"), Refunded)


def test_a_refund_of_no_charge_or_in_another_currency_is_an_error_of_the_caller(gateway):
    charged = charge(gateway, add_card(gateway))
    with pytest.raises(ValueError):
        refund(gateway, charged, currency="GBP")
    with pytest.raises(ValueError):
        gateway.refund(key="r", charge_ref="charge_unknown", amount=Decimal("1.00"), currency="EUR")


def test_no_such_behaviour_is_an_error_of_the_caller(gateway):
    card = add_card(gateway)
    with pytest.raises(ValueError):
        gateway.set_behaviour(card_ref=card.card_ref, behaviour="generous")
    with pytest.raises(ValueError):
        gateway.set_refund_behaviour(card_ref=card.card_ref, behaviour="generous")


# Disputes, P10


def test_P10_a_dispute_claims_what_is_left_of_its_charge(gateway, clock):
    charged = charge(gateway, add_card(gateway))
    refund(gateway, charged, amount="40.00")
    dispute_ref = gateway.open_dispute(charge_ref=charged.charge_ref)
    standing = DisputeStanding(
        dispute_ref=dispute_ref, charge_key="charge-1", amount=Decimal("59.00"), currency="EUR", state="opened"
    )
    assert gateway.find_dispute(dispute_ref=dispute_ref) == standing
    assert gateway.disputes(since=clock.now) == [standing]
    assert gateway.disputes(since=clock.now + timedelta(seconds=1)) == []


@pytest.mark.parametrize(("decide", "state"), [("win_dispute", "won"), ("lose_dispute", "lost")])
def test_P10_a_dispute_is_decided_once(gateway, decide, state):
    dispute_ref = gateway.open_dispute(charge_ref=charge(gateway, add_card(gateway)).charge_ref)
    for _ in range(2):
        getattr(gateway, decide)(dispute_ref=dispute_ref)
    assert gateway.find_dispute(dispute_ref=dispute_ref).state == state
    assert [event.kind for event in gateway.events()][1:] == ["dispute.opened", f"dispute.{state}"]
    with pytest.raises(ValueError, match="decided"):
        getattr(gateway, "win_dispute" if state == "lost" else "lose_dispute")(dispute_ref=dispute_ref)


def test_P10_a_disputed_charge_is_refunded_again_only_after_it_was_won(gateway):
    charged = charge(gateway, add_card(gateway))
    dispute_ref = gateway.open_dispute(charge_ref=charged.charge_ref)
    assert refund(gateway, charged) == RefundRejected(reason="disputed")
    gateway.win_dispute(dispute_ref=dispute_ref)
    assert isinstance(refund(gateway, charged, key="refund-2"), Refunded)


def test_a_dispute_that_there_is_not_is_none_and_cannot_be_decided(gateway):
    assert gateway.find_dispute(dispute_ref="dispute_unknown") is None
    with pytest.raises(ValueError, match="No such"):
        gateway.lose_dispute(dispute_ref="dispute_unknown")
    with pytest.raises(ValueError, match="No such"):
        gateway.open_dispute(charge_ref="charge_unknown")


# Events


def test_each_outcome_is_told_once_by_its_key_even_if_its_answer_was_lost(gateway):
    charged = charge(gateway, add_card(gateway))
    charge(gateway, add_card(gateway))
    charge(gateway, add_card(gateway, "stolen", nth=1), key="charge-2")
    with pytest.raises(OutcomeUnknown):
        charge(gateway, add_card(gateway, "timeout_charged", nth=2), key="charge-3")
    refund(gateway, charged)
    refund(gateway, charged, key="refund-2")
    assert [(event.kind, event.key) for event in gateway.events()] == [
        ("charge.succeeded", "charge-1"),
        ("charge.declined", "charge-2"),
        ("charge.succeeded", "charge-3"),
        ("refund.succeeded", "refund-1"),
        ("refund.rejected", "refund-2"),
    ]


def test_an_event_is_read_back_by_whoever_has_the_secret_within_five_minutes(gateway, clock):
    charge(gateway, add_card(gateway))
    [event] = gateway.events()
    headers = event.headers(secret="new", at=clock.now)
    read = {"body": event.body, "headers": headers, "now": clock.now}
    told = Event(event_id=event.event_id, kind="charge.succeeded", subject_key="charge-1")
    assert gateway.read_event(**read, secrets=["old", "new"]) == told
    for changed in ({"secrets": ["old"]}, {"body": event.body + b" "}, {"now": clock.now + timedelta(seconds=301)}):
        with pytest.raises(ForgedEvent):
            gateway.read_event(**{"secrets": ["new"]} | read | changed)
