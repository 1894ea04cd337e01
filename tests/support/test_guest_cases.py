"""H5: writing signed out: a confirmed address first, the same answer for everybody, and one thread by a mail's link."""

import re

import pytest
import time_machine
from django.core import mail, signing
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import translation

from portal.models import AuditRecord
from support.actions.cases import answer, close
from support.actions.forget_cases import forget_cases
from support.actions.unconfirmed import forget_unconfirmed
from support.cases.links import guest_key
from support.models import Case, UnconfirmedMessage
from tests import make
from tests.support.cases import WORDS, centre, pdf

ASKED = {"category": "insurance", "message": WORDS, "name": "Niki Savva", "email": "niki@example.com", "send": "1"}


@pytest.fixture
def visitor(client, market, files):
    centre(market)
    with time_machine.travel(make.NOW, tick=False):
        yield client


def write(client, **changed):
    return client.post(reverse("case_new"), ASKED | changed)


def link(deliver, to="niki@example.com"):
    """The path of the newest mail's first link."""
    deliver()
    body = [sent.body for sent in mail.outbox if sent.to == [to]][-1]
    return re.search(r"https?://[^/]+(/\S+)", body)[1]


@pytest.fixture
def case(visitor, deliver):
    write(visitor, files=[pdf()])
    visitor.post(link(deliver))
    return Case.objects.get()


def test_H5_no_staff_see_it_before_the_address_is_confirmed(visitor, deliver):
    assert write(visitor).url == reverse("case_sent")
    assert not Case.objects.exists()
    found = link(deliver)
    assert not Case.objects.exists()
    page = visitor.get(found)
    assert "niki@example.com" in page.text
    assert not Case.objects.exists(), "programs that look into mails follow links, too"
    thread = visitor.post(found, follow=True)
    assert WORDS in thread.text
    case = Case.objects.get()
    assert (case.email, case.name, case.account, case.state) == ("niki@example.com", "Niki Savva", None, "new")


def test_H5_the_link_works_once(visitor, deliver, case):
    write(visitor, message="A second one")
    found = link(deliver)
    assert [visitor.post(found).status_code for _time in range(2)] == [302, 410]
    assert Case.objects.count() == 2
    assert "does not work any more" in visitor.get(found).text


def test_H5_the_link_is_good_for_three_days(visitor, deliver):
    write(visitor)
    found = link(deliver)
    with time_machine.travel(make.NOW + make.days(3), tick=False):
        assert visitor.post(found).status_code == 410
    assert not Case.objects.exists()


def test_H5_known_and_unknown_addresses_get_the_same_answer(visitor, owner, deliver):
    answers = [write(visitor, email=email) for email in ("niki@example.com", owner.email)]
    assert [(each.status_code, each.url) for each in answers] == [(302, reverse("case_sent"))] * 2
    deliver()
    subjects = {sent.subject for sent in mail.outbox}
    assert subjects == {"Confirm your message to the customer centre"}


def test_H5_a_customers_own_confirmed_address_makes_it_their_case_too(visitor, owner, deliver):
    write(visitor, email=owner.email.upper())
    visitor.post(link(deliver, to=owner.email.upper()))
    case = Case.objects.get()
    assert case.account == owner
    assert case.email


@pytest.mark.parametrize(("changed", "most"), [({}, 3), ({"email": "n{}@example.com"}, 10)])
def test_H5_messages_are_limited_by_mailbox_and_by_network(visitor, changed, most):
    statuses = [
        write(visitor, **{name: text.format(number) for name, text in changed.items()}).status_code
        for number in range(most + 1)
    ]
    assert statuses == [302] * most + [429]
    assert UnconfirmedMessage.objects.count() == most


def test_H5_the_name_breaks_no_header(visitor, deliver):
    write(visitor, name="Niki\r\nBcc: all@example.com")
    visitor.post(link(deliver))
    deliver()
    assert all(sent.to == ["niki@example.com"] and not sent.bcc for sent in mail.outbox)


def test_H5_mails_name_the_case_the_channels_and_the_way_to_the_thread(visitor, case, deliver, owner):
    thread = link(deliver)
    assert thread == reverse("guest_case", args=[guest_key(case)])
    assert case.number in mail.outbox[-1].subject
    assert "+357 22 000000 (Monday to Friday)" in mail.outbox[-1].body
    answer(case=case, text="Here you are.", now=make.NOW, by=owner)
    assert link(deliver) == thread
    assert "is answered" in mail.outbox[-1].subject
    assert "Here you are." in visitor.get(thread).text
    close(case=case, reason="x", now=make.NOW, by=owner)
    deliver()
    assert "is closed" in mail.outbox[-1].subject


def test_H5_by_the_link_one_replies_and_takes_ones_files(visitor, case):
    thread = reverse("guest_case", args=[guest_key(case)])
    page = visitor.post(thread, {"message": "One thing more"}, follow=True).text
    assert "One thing more" in page
    file = re.search(r'href="([^"]+/files/[^"]+)"', page)[1]
    answered = visitor.get(file)
    assert answered["Content-Disposition"] == 'attachment; filename="letter.pdf"'
    assert "no-store" in answered["Cache-Control"]


@pytest.mark.parametrize("salt", ["other", "case-thread"])
def test_H5_a_link_that_is_none_of_ours_opens_nothing(visitor, case, salt):
    other = "0" * 32 if salt == "case-thread" else case.public_id.hex
    forged = signing.dumps(other, salt=salt)
    assert visitor.get(reverse("guest_case", args=[forged])).status_code == 404
    assert visitor.get(reverse("guest_case", args=["nonsense"])).status_code == 404


def test_H5_a_thread_whose_words_are_gone_is_not_there(visitor, case, owner):
    close(case=case, reason="x", now=make.NOW, by=owner)
    key = guest_key(case)
    forget_cases(now=make.NOW + make.days(800))
    assert visitor.get(reverse("guest_case", args=[key])).status_code == 404
    case.refresh_from_db()
    assert (case.email, case.name) == ("", "")


def test_H5_what_nobody_confirms_is_deleted_with_its_files(visitor, deliver, clock):
    write(visitor, files=[pdf()])
    path = UnconfirmedMessage.objects.get().files[0]["path"]
    assert forget_unconfirmed(now=make.NOW + make.days(2)) == 0
    clock.now = make.NOW + make.days(3)
    assert forget_unconfirmed(now=clock.now) == 1
    deliver()
    assert not default_storage.exists(path)
    assert AuditRecord.objects.get(what="messages not confirmed").data == {"count": 1}


def test_H5_what_is_ones_own_asks_a_visitor_to_sign_in(visitor):
    answered = visitor.get(reverse("case_new"), {"refund": "1"})
    assert answered.url.startswith(reverse("account_login"))
    assert "refund" in answered.url


def test_H5_the_pages_with_forms_are_kept_by_no_proxy(visitor):
    for page in (reverse("case_new"), reverse("case_sent"), reverse("case_confirmation", args=["x"])):
        assert "no-store" in visitor.get(page)["Cache-Control"]


def test_H5_answers_are_offered_and_from_one_its_question_comes_along(visitor, hub, deliver):
    asked = {"category": "other", "message": "How do I cancel my subscription?"}
    offered = visitor.post(reverse("case_answers"), asked).text
    second = visitor.post(reverse("case_new"), asked).text
    for page in (offered, second):
        assert "These answers may help" in page
        assert "how-to-cancel" in page
    assert visitor.post(reverse("case_answers"), {"message": "4242 4242 4242 4242"}).text.strip() == ""
    way = reverse("case_new") + "?article=how-to-cancel"
    assert way in visitor.get(reverse("support_article", args=["cancelling", "how-to-cancel"])).text
    begun = visitor.get(way).text.split("<h1")[1]
    assert "cancel" in begun
    assert "how-to-cancel" not in visitor.post(reverse("case_answers") + "?article=how-to-cancel", asked).text
    assert 'value="billing" selected' in begun
    visitor.post(way, ASKED)
    visitor.post(link(deliver))
    case = Case.objects.get()
    assert (case.about_kind, case.about_key) == ("article", "how-to-cancel")


def test_H5_in_greek_the_mail_and_its_link_are_greek(visitor, deliver):
    with translation.override("el"):
        visitor.post(reverse("case_new"), ASKED)
    assert link(deliver).startswith("/el/")
