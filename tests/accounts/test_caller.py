"""The caller check: a code or facts, three tries, and what it opens (K7)."""

from datetime import timedelta
from functools import partial

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts import caller_facts
from accounts.actions import caller_acts
from accounts.actions.caller import (
    check_caller_code,
    check_caller_facts,
    issue_caller_code,
    questions_for,
    verified_until,
)
from accounts.models import Account, CallerTry, Notice
from portal.models import AuditRecord, OutboxMessage
from tests import make
from tests.refusing import refusal_code
from tests.staff import give_app

ANSWERS = {"telephone": "1234", "postcode": "1065", "nickname": "Blue", "plate_end": "01", "card_expiry": "12/30"}


@pytest.fixture
def owner(market) -> Account:
    return make.account("owner@example.com", market=market, phone="+357 99 001234")


@pytest.fixture
def agent(market) -> Account:
    return make.account("agent@staff.example.com", market=market, is_staff=True)


@pytest.fixture
def other_agent(market) -> Account:
    return make.account("other@staff.example.com", market=market, is_staff=True)


@pytest.fixture
def known(owner, car) -> Account:
    """With a telephone number, a postcode, a plate and a nickname to ask for."""
    car.nickname = "Blue"
    car.save(update_fields=["nickname"])
    return owner


def by_code(account, agent, now):
    code = issue_caller_code(account=account, now=now, by=account).code
    return check_caller_code(account=account, code=code, now=now, by=agent)


def answered(account, agent, now, **wrong):
    asked = questions_for(account, now=now, by=agent)
    right = ANSWERS | {"plate_end": account.memberships.get().vehicle.plate[-2:]}
    answers = {each.name: (right | wrong)[each.name] for each in asked}
    return check_caller_facts(account=account, answers=answers, now=now, by=agent)


# The code


def test_K7_the_right_code_opens_thirty_minutes_for_this_agent_and_customer(owner, stranger, agent, other_agent, now):
    assert by_code(owner, agent, now).has_passed
    assert verified_until(owner, now=now, by=agent) == now + timedelta(minutes=30)
    assert verified_until(owner, now=now + timedelta(minutes=30), by=agent) is None
    assert verified_until(owner, now=now, by=other_agent) is None
    assert verified_until(stranger, now=now, by=agent) is None


@pytest.mark.parametrize("minutes", [9, 10])
def test_K7_a_code_is_good_for_ten_minutes(owner, agent, now, minutes):
    code = issue_caller_code(account=owner, now=now, by=owner).code
    later = now + timedelta(minutes=minutes)
    assert check_caller_code(account=owner, code=code, now=later, by=agent).has_passed is (minutes < 10)


def test_K7_a_code_is_good_once_and_a_new_one_takes_its_place(owner, stranger, agent, now):
    first = issue_caller_code(account=owner, now=now, by=owner).code
    second = issue_caller_code(account=owner, now=now, by=owner).code
    check = partial(check_caller_code, now=now, by=agent)
    if first != second:
        assert not check(account=owner, code=first).has_passed
    assert not check(account=stranger, code=second).has_passed
    assert check(account=owner, code=second).has_passed
    assert not check(account=owner, code=second).has_passed


def test_K7_the_code_is_kept_keyed(owner, now):
    code = issue_caller_code(account=owner, now=now, by=owner).code
    assert code not in owner.caller_code.digest
    assert code not in str(AuditRecord.objects.get(what="caller code issued").data)


def test_K7_a_customer_makes_ten_codes_an_hour(owner, now):
    for _each in range(10):
        issue_caller_code(account=owner, now=now, by=owner)
    assert refusal_code(issue_caller_code, account=owner, now=now, by=owner) == "too_many"


# The facts


def test_K7_two_right_answers_of_three_pass(known, agent, now):
    assert answered(known, agent, now, postcode="9999", plate_end="zz").has_passed


def test_K7_a_wrong_caller_fails_and_the_customer_is_told(known, agent, now):
    failed = answered(known, agent, now, telephone="0000", nickname="Red")
    assert (failed.failure, failed.has_passed) == (1, False)
    assert Notice.objects.get(account=known, kind="caller_check_failed")
    record = AuditRecord.objects.get(what="caller check failed")
    assert (record.by, "0000" in str(record.data), "Red" in str(record.data)) == (agent, False, False)


def test_K7_the_questions_stay_until_they_are_answered(known, agent, other_agent, now):
    assert questions_for(known, now=now, by=agent) == questions_for(known, now=now, by=other_agent)
    swapped = {"postcode": "1065"}
    arguments = {"account": known, "answers": swapped, "now": now, "by": agent}
    assert refusal_code(check_caller_facts, **arguments) == "questions_changed"


def test_K7_three_failures_a_day_of_all_agents_by_whatever_way(known, agent, other_agent, now):
    check_caller_code(account=known, code="000000", now=now, by=agent)
    answered(known, other_agent, now, telephone="0000", nickname="Red")
    answered(known, agent, now, telephone="0000", nickname="Red")
    assert list(CallerTry.objects.values_list("failure", flat=True).order_by("pk")) == [1, 2, 3]
    assert refusal_code(questions_for, account=known, now=now, by=agent) == "no_more_tries"
    code = issue_caller_code(account=known, now=now, by=known).code
    assert refusal_code(check_caller_code, account=known, code=code, now=now, by=agent) == "no_more_tries"
    assert by_code(known, agent, now + make.days(1)).has_passed


@pytest.mark.parametrize("failure", [3, 4])
def test_K7_the_database_knows_no_fourth_failure(owner, agent, now, failure):
    facts = {"account": owner, "by": agent, "at": now, "on": now.date(), "way": "code"}
    for number in (1, 2, 3):
        CallerTry.objects.create(**facts, failure=number)
    with pytest.raises(IntegrityError), transaction.atomic():
        CallerTry.objects.create(**facts, failure=failure)


def test_K7_nobody_checks_themselves_or_a_colleague(owner, agent, other_agent, now):
    assert refusal_code(questions_for, account=other_agent, now=now, by=agent) == "staff_account"
    assert refusal_code(questions_for, account=agent, now=now, by=agent) == "own_account"


def test_A6_a_closed_account_is_opened_by_no_call(owner, agent, now):
    by_code(owner, agent, now)
    owner.is_active = False
    owner.save(update_fields=["is_active"])
    arguments = {"account": owner, "email": "x@example.com", "reason": "x", "now": now, "by": agent}
    assert refusal_code(caller_acts.mend_address, **arguments) == "account_closed"


def test_K7_where_too_little_is_known_only_the_code_helps(market, agent, now):
    bare = make.account("bare@example.com", market=market)
    assert refusal_code(questions_for, account=bare, now=now, by=agent) == "too_little_known"


def test_every_fact_has_a_question_and_none_is_the_address_or_a_number_of_a_contract():
    assert all(str(fact.question) for fact in caller_facts.FACTS.values())
    assert {"card_expiry", "last_charge", "nickname", "plate_end", "telephone"} < caller_facts.FACTS.keys()


# What it opens


@pytest.mark.parametrize("act", [caller_acts.reset_second_step, caller_acts.end_all])
def test_K7_nothing_opens_without_a_check(owner, agent, now, act):
    assert refusal_code(act, account=owner, reason="x", now=now, by=agent) == "not_verified"
    assert refusal_code(act, account=agent, reason="x", now=now, by=agent) == "own_account"


def test_K7_another_address_is_told_to_both_confirmed_and_bars_for_72_hours(owner, agent, now):
    by_code(owner, agent, now)
    caller_acts.change_email(account=owner, email="New@example.com", reason="lost", now=now, by=agent)
    owner.refresh_from_db()
    assert (owner.email, owner.barred_until) == ("owner@example.com", now + timedelta(hours=72))
    assert Notice.objects.get(account=owner, kind="helped_by_telephone").facts["act"] == "email"
    assert EmailAddress.objects.filter(user=owner, email="new@example.com", verified=False).exists()
    assert OutboxMessage.objects.filter(handler="mail", payload__to="new@example.com").exists()


def test_K7_an_address_of_another_account_is_refused(owner, stranger, agent, now):
    by_code(owner, agent, now)
    arguments = {"account": owner, "email": stranger.email, "reason": "x", "now": now, "by": agent}
    assert refusal_code(caller_acts.change_email, **arguments) == "email_taken"


def test_K7_the_second_step_goes_with_all_sessions(owner, agent, now):
    browser = Client()
    browser.post(reverse("account_login"), {"login": owner.email, "password": make.PASSWORD})
    assert browser.get(reverse("account")).status_code == 200
    give_app(owner)
    by_code(owner, agent, now)
    caller_acts.reset_second_step(account=owner, reason="telephone lost", now=now, by=agent)
    assert not Authenticator.objects.filter(user=owner).exists()
    assert browser.get(reverse("account")).status_code == 302
    assert Notice.objects.get(account=owner, kind="helped_by_telephone").facts["act"] == "second_step"
    again = {"account": owner, "reason": "x", "now": now, "by": agent}
    assert refusal_code(caller_acts.reset_second_step, **again) == "no_second_step"


def test_A1_an_address_that_never_activated_is_mended_and_nothing_is_barred(market, agent, now):
    new = Account.objects.create_user("onwer@example.com", make.PASSWORD, market=market, first_name="Eleni")
    new.last_name = "Georgiou"
    new.save(update_fields=["last_name"])
    EmailAddress.objects.create(user=new, email=new.email, primary=True, verified=False)
    on = market.local_date(new.created_at)
    answers = {"name_at_sign_up": "georgiou eleni", "day_of_sign_up": f"{on.day}.{on.month}"}
    assert check_caller_facts(account=new, answers=answers, now=now, by=agent).has_passed
    caller_acts.mend_address(account=new, email="owner2@example.com", reason="typing error", now=now, by=agent)
    new.refresh_from_db()
    assert (new.email, new.barred_until) == ("owner2@example.com", None)
    assert EmailAddress.objects.get(user=new).email == "owner2@example.com"
    assert OutboxMessage.objects.filter(handler="activation_mail", payload__email="owner2@example.com").exists()
    change = {"account": new, "email": "x@example.com", "reason": "x", "now": now, "by": agent}
    assert refusal_code(caller_acts.change_email, **change) == "never_activated"


def test_A1_one_that_was_activated_is_not_mended(owner, agent, now):
    by_code(owner, agent, now)
    arguments = {"account": owner, "email": "x@example.com", "reason": "x", "now": now, "by": agent}
    assert refusal_code(caller_acts.mend_address, **arguments) == "was_activated"
