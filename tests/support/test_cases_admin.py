"""H5, K1, K4: cases at the desk: who sees them, who waits since when, answering with canned texts, closing."""

import pytest
import time_machine
from django.urls import reverse

from portal.models import AuditRecord, StaffRead
from support.actions.cases import answer
from support.cases.canned import filled, texts_of
from support.models import Attachment, Message
from tests import make
from tests.support.cases import WORDS, centre, opened, staff, upload

LIST = reverse("admin:support_case_changelist")


@pytest.fixture
def case(market, owner, files):
    centre(market)
    return opened(owner, uploads=[upload()])


def page_of(case, noun="change"):
    return reverse(f"admin:support_case_{noun}", args=[case.pk])


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        ("agent", ["billing", "other"]),
        ("administrator", ["billing", "other"]),
        ("finance", ["billing"]),
        ("editor", None),
        ("dealer", None),
    ],
)
def test_K1_agents_see_every_case_finance_those_of_billing_others_none(client, case, owner, market, role, sees):
    rows = {"other": case, "billing": opened(owner, category="billing")}
    staff(client, market, role)
    answered = client.get(LIST)
    if sees is None:
        assert answered.status_code in {302, 403}
        assert all(client.get(page_of(row)).status_code in {302, 403} for row in rows.values())
        return
    assert {name for name, row in rows.items() if row.number in answered.text} == set(sees)
    opens = {name: client.get(page_of(row)).status_code == 200 for name, row in rows.items()}
    assert opens == {name: name in sees for name in rows}


def test_K4_the_list_of_cases_waiting_has_owner_and_age_the_most_urgent_first(client, case, owner, market):
    sooner = opened(owner, category="account")
    agent = staff(client, market, "agent")
    done = opened(owner)
    answer(case=done, text="Hello", now=make.NOW, by=agent)
    with time_machine.travel(make.NOW + make.days(4), tick=False):
        agent = staff(client, market, "agent", email="second@staff.example.com")
        page = client.get(LIST, {"state": "waiting"}).text
    assert page.index(sooner.number) < page.index(case.number)
    assert done.number not in page
    assert "4 days" in page
    assert "nobody" in page
    assert "overdue since" in page


def test_K2_a_case_is_found_by_its_number_and_by_the_customers_address(client, case, owner, market):
    staff(client, market, "agent")
    for typed in (case.number, owner.email):
        assert case.number in client.get(LIST, {"q": typed}).text
    assert case.number not in client.get(LIST, {"q": "nobody@example.com"}).text


def test_H5_staff_take_answer_and_close_and_the_customer_reads_it(client, case, owner, market):
    agent = staff(client, market, "agent")
    client.post(page_of(case, "taking"))
    case.refresh_from_db()
    assert (case.owner, case.state) == (agent, "waiting_us")
    client.post(page_of(case, "answer"), {"text": "Please lock it again."})
    case.refresh_from_db()
    assert case.state == "waiting_customer"
    assert "Please lock it again." in client.get(page_of(case)).text
    client.post(page_of(case, "closing"), {"reason": "Said on the telephone"})
    case.refresh_from_db()
    assert case.state == "closed"
    assert AuditRecord.objects.get(what="case closed").data["reason"] == "Said on the telephone"
    assert "is closed. The customer opens it" in client.get(page_of(case, "answer"), follow=True).text
    client.force_login(owner)
    thread = client.get(reverse("case", args=[case.public_id])).text
    assert "Please lock it again." in thread
    assert "Said on the telephone" not in thread
    assert agent.email not in thread


def test_H5_a_case_is_handed_over_to_who_may_answer_it(client, case, market):
    finance = staff(client, market, "finance")
    other = staff(client, market, "agent", email="other@staff.example.com")
    page = client.get(page_of(case, "assignment")).text
    assert other.email in page
    assert finance.email not in page
    client.post(page_of(case, "assignment"), {"owner": other.pk, "reason": "knows the car"})
    case.refresh_from_db()
    assert case.owner == other


def test_H5_a_canned_text_comes_in_the_customers_language_with_what_it_names(client, case, owner, market):
    staff(client, market, "agent")
    page = client.get(page_of(case, "answer"), {"text": "more-needed"}).text
    assert "Hello Eleni Georgiou," in page
    assert f"in your case {case.number}, or call us at +357 22 000000" in page
    assert WORDS in page
    case.language, case.account = "el", None
    text = filled(texts_of(market)[0], case)
    assert text.startswith("Γεια σας,")
    assert "{{" not in text


def test_W1_an_answer_with_a_card_number_is_not_sent(client, case, market):
    staff(client, market, "agent")
    assert "card number" in client.post(page_of(case, "answer"), {"text": "4242 4242 4242 4242"}).text
    assert not Message.objects.filter(is_from_staff=True).exists()


def test_D1_who_opens_a_case_or_takes_its_file_is_on_record(client, case, owner, market):
    agent = staff(client, market, "agent")
    url = reverse("admin:support_case_file", args=[case.pk, Attachment.objects.get().public_id])
    answered = client.get(url)
    assert answered["Content-Disposition"].startswith("attachment")
    assert StaffRead.objects.filter(account=owner, by=agent, subject_type="support.case").exists()


def test_K1_finance_takes_no_file_of_a_case_that_is_not_billing(client, case, market):
    staff(client, market, "finance")
    url = reverse("admin:support_case_file", args=[case.pk, Attachment.objects.get().public_id])
    assert client.get(url).status_code == 404
