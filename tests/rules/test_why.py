"""P9: why a subscription was, or was not, charged on a day."""

from datetime import date

import pytest

from subscriptions.rules.why import Calendar, Record, Why, why_charged

TODAY = date(2024, 3, 20)
MONTHLY = {"ordered_on": date(2024, 1, 10), "activated_on": date(2024, 1, 10), "trial_months": 1, "term_months": 1}


def feb(day: int) -> date:
    return date(2024, 2, day)


def record(day: int, what: str, attempt: int = 1, reason: str = "") -> Record:
    return Record(on=feb(day), what=what, attempt=attempt, reason=reason)


def ask(on: date, *records: Record, today: date = TODAY, **calendar):
    return why_charged(on=on, today=today, calendar=Calendar(**MONTHLY | calendar), records=records)


@pytest.mark.parametrize(
    ("on", "why", "turns_on"),
    [
        (date(2024, 1, 9), Why.NOT_ORDERED, date(2024, 1, 10)),
        (date(2024, 1, 10), Why.NOT_DUE, feb(10)),
        (feb(9), Why.NOT_DUE, feb(10)),
        (feb(10), Why.CHARGED, feb(10)),
        (feb(11), Why.NOT_DUE, date(2024, 3, 10)),
    ],
)
def test_P9_a_charge_is_not_due_until_its_date(on, why, turns_on):
    answer = ask(on, record(10, "charged"))
    assert (answer.why, answer.on) == (why, turns_on)


@pytest.mark.parametrize("what", ["declined", "not tried"])
def test_P9_a_decline_is_named_with_its_reason_and_the_next_try(what):
    answer = ask(feb(10), record(10, what, reason="stolen"))
    assert (answer.why, answer.on, answer.reason, answer.next_try_on) == (Why.DECLINED, feb(10), "stolen", feb(11))


def test_P9_the_last_of_three_tries_is_named_as_what_ended_it():
    tries = [record(day, "declined", attempt=day - 9, reason="expired") for day in (10, 11, 12)]
    assert ask(feb(12), *tries, ends_on=feb(12)).why is Why.GIVEN_UP
    assert ask(feb(11), *tries, ends_on=feb(12)).next_try_on == feb(12)
    assert ask(feb(13), *tries, ends_on=feb(12)).why is Why.ENDED


@pytest.mark.parametrize(("what", "why"), [("unknown", Why.WAITING), ("failed", Why.DELAYED)])
def test_P9_without_an_answer_the_bank_is_waited_for_and_without_a_provider_the_delay_is_ours(what, why):
    answer = ask(feb(11), record(10, what))
    assert (answer.why, answer.on) == (why, feb(10))


def test_P9_a_day_that_our_jobs_missed_is_our_delay_since_the_due_date():
    answer = ask(feb(12), record(13, "charged"))
    assert (answer.why, answer.on) == (Why.DELAYED, feb(10))


def test_P9_on_the_day_itself_it_is_due_until_something_has_happened():
    assert ask(feb(10), today=feb(10)).why is Why.DUE
    assert ask(feb(10), record(10, "failed"), today=feb(10)).why is Why.DELAYED


@pytest.mark.parametrize(
    ("on", "why", "turns_on"),
    [
        (date(2024, 4, 10), Why.DUE, date(2024, 4, 10)),
        (date(2024, 5, 1), Why.NOT_DUE, date(2024, 5, 10)),
    ],
)
def test_P9_a_day_to_come_is_answered_by_the_calendar(on, why, turns_on):
    march = Record(on=date(2024, 3, 10), what="charged", attempt=1)
    answer = ask(on, record(10, "charged"), march)
    assert (answer.why, answer.on) == (why, turns_on)


def test_P9_a_day_to_come_of_one_that_is_overdue_names_the_delay():
    assert ask(date(2024, 5, 1)).why is Why.DELAYED


def test_P9_an_order_without_an_answer_is_being_activated():
    assert ask(date(2024, 1, 10), is_pending=True).why is Why.ACTIVATING


def test_P9_a_cancelled_one_is_not_renewed_and_then_has_ended():
    end = {"stopped_on": feb(20), "ends_on": date(2024, 3, 10)}
    assert ask(feb(19), record(10, "charged"), **end).why is Why.NOT_DUE
    assert ask(feb(20), record(10, "charged"), **end).why is Why.NOT_RENEWING
    assert ask(date(2024, 3, 10), record(10, "charged"), **end).why is Why.ENDED


@pytest.mark.parametrize(
    ("on", "why", "turns_on", "index"),
    [
        (date(2024, 3, 15), Why.NOT_DUE, date(2024, 4, 10), 2),
        (date(2024, 4, 10), Why.DUE, date(2024, 4, 10), 2),
        (date(2024, 4, 11), Why.NOT_ACCEPTED, date(2024, 5, 10), 3),
        (date(2024, 5, 10), Why.NOT_ACCEPTED, date(2024, 5, 10), 3),
        (date(2024, 9, 1), Why.NOT_ACCEPTED, date(2024, 5, 10), 7),
    ],
)
def test_S10_no_charge_is_foretold_whose_new_price_nobody_accepted(on, why, turns_on, index):
    paid = [record(10, "charged"), Record(on=date(2024, 3, 10), what="charged", attempt=1)]
    answer = ask(on, *paid, stops_on=date(2024, 5, 10), stops_because=Why.NOT_ACCEPTED)
    assert (answer.why, answer.on, answer.index) == (why, turns_on, index)


def test_P9_the_answer_names_the_charge_that_it_speaks_of():
    records = [record(10, "charged"), Record(on=date(2024, 3, 10), what="charged", attempt=1)]
    assert [ask(on, *records).index for on in (feb(10), feb(20), date(2024, 3, 10), date(2024, 3, 11))] == [0, 1, 1, 2]
