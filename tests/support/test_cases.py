"""H5: a customer's cases: opened from where something is, answered, replied to, opened again, and forgotten in time."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.exporting import EXPORTERS
from accounts.models import Notice
from portal.models import AuditRecord
from portal.refusals import Refusal
from subscriptions.actions.closing import close as close_account
from subscriptions.actions.closing import closing_quote
from support.actions.cases import answer, close, hand_over, reply
from support.actions.forget_cases import forget_cases
from support.models import Attachment, Case, Message
from tests import make
from tests.support.cases import WORDS, centre, opened, pdf, picture, upload

NEW = reverse("case_new")


@pytest.fixture
def agent(market):
    return make.account("agent@example.com", market=market, is_staff=True)


@pytest.fixture
def case(market, owner, files):
    centre(market)
    return opened(owner, uploads=[upload()])


@pytest.fixture
def signed_in(client, owner, market):
    centre(market)
    client.force_login(owner)
    with time_machine.travel(make.NOW, tick=False):
        yield client


def states(case):
    case.refresh_from_db()
    return case.state, case.waiting_since is not None, case.due_at is not None


def test_H5_a_message_becomes_a_case_in_two_steps(signed_in, owner, car, files):
    asked = {"category": "other", "message": WORDS}
    second = signed_in.post(NEW, asked).text
    assert car.label in second
    assert not Case.objects.exists()
    sent = {"send": "1", "car": car.public_id, "files": [picture(), pdf()]}
    answered = signed_in.post(NEW, asked | sent, follow=True)
    case = Case.objects.get()
    assert answered.redirect_chain[0][0] == reverse("case", args=[case.public_id])
    assert (case.account, case.membership, case.state) == (owner, car, "new")
    assert case.number in answered.text
    assert WORDS in answered.text
    assert "screen.png" in answered.text
    assert "letter.pdf" in answered.text


def test_H5_it_has_a_number_that_tells_nothing_a_due_day_and_a_notice(case, owner):
    assert case.number.startswith("CY-")
    assert len(case.number) == 12
    # Three days of opening after Wednesday, 10 June, to the end of the day by the market's clock.
    assert case.due_at == datetime(2026, 6, 15, 15, 0, tzinfo=UTC)
    notice = Notice.objects.get(account=owner, kind="case_received")
    assert notice.facts["telephone"] == "+357 22 000000"
    assert case.number in notice.facts["case_number"]


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"message": ""}, "This field is required"),
        ({"message": "4242 4242 4242 4242"}, "card number"),
        ({"category": "nothing"}, "valid choice"),
        ({"files": [pdf(script="app.alert(1)")]}, "damaged, protected"),
        ({"car": "6f1c9d2e-0000-0000-0000-000000000000"}, "valid choice"),
    ],
)
def test_H5_what_cannot_be_taken_is_said_and_the_rest_is_kept(signed_in, car, sent, said, files):
    whole = {"category": "other", "message": WORDS, "car": car.public_id, "send": "1"} | sent
    page = signed_in.post(NEW, whole).text
    assert said in page
    assert WORDS in page or "message" in sent
    assert not Case.objects.exists()


def test_H5_somebody_elses_car_or_invoice_is_not_offered(signed_in, stranger):
    other = make.active_car(stranger, 7)
    page = signed_in.post(NEW, {"category": "other", "message": WORDS, "send": "1", "car": other.public_id})
    assert other.label not in page.text
    assert Case.objects.get().membership is None


def test_H5_going_back_changes_the_message(signed_in):
    page = signed_in.post(NEW, {"category": "other", "message": WORDS, "change": "1"}).text
    assert f">\n{WORDS}</textarea>" in page
    assert not Case.objects.exists()


def test_H5_many_messages_within_an_hour_are_refused(signed_in):
    sent = {"category": "other", "message": WORDS, "send": "1"}
    statuses = [signed_in.post(NEW, sent).status_code for _time in range(11)]
    assert statuses == [302] * 10 + [429]


def test_H5_states_go_back_and_forth_and_each_change_is_on_record(case, owner, agent):
    assert states(case) == ("new", True, True)
    hand_over(case=case, owner=agent, reason="", now=make.NOW, by=agent)
    assert states(case) == ("waiting_us", True, True)
    answer(case=case, text="Lock it again.", now=make.NOW, by=agent)
    assert states(case) == ("waiting_customer", False, False)
    reply(case=case, text="No change.", uploads=[], now=make.NOW, by=owner)
    assert states(case) == ("waiting_us", True, True)
    close(case=case, reason="solved on the telephone", now=make.NOW, by=agent)
    assert states(case) == ("closed", False, False)
    with pytest.raises(Refusal) as refused:
        answer(case=case, text="Too late", now=make.NOW, by=agent)
    assert refused.value.code == "case_closed"
    reply(case=case, text="Again.", uploads=[], now=make.NOW + make.days(1), by=owner)
    assert states(case) == ("waiting_us", True, True)
    assert case.closed_at is None
    records = AuditRecord.objects.filter(subject_type="support.case", subject_id=case.pk).order_by("pk")
    assert [record.what for record in records] == [
        *("case opened", "case handed over", "case answered", "case replied to", "case closed", "case opened again"),
    ]
    told = Notice.objects.filter(account=owner, kind__startswith="case_").order_by("pk")
    assert [notice.kind for notice in told] == ["case_received", "case_answered", "case_closed"]


def test_H5_who_answers_a_case_of_nobody_takes_it(case, agent):
    answer(case=case, text="Hello", now=make.NOW, by=agent)
    case.refresh_from_db()
    assert case.owner == agent


def test_H5_what_was_written_stays_as_it_was(case):
    message = Message.objects.get()
    for change in (lambda: Message.objects.update(text="other"), message.delete):
        with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
            change()


def test_H5_a_file_of_a_message_that_fails_is_not_left_behind(case, owner):
    close(case=case, reason="x", now=make.NOW, by=owner)
    forget_cases(now=make.NOW + make.days(800))
    before = default_storage.listdir("cases")
    with pytest.raises(Refusal):
        reply(case=case, text="x", uploads=[upload(b"new")], now=make.NOW, by=owner)
    assert default_storage.listdir("cases") == before


def test_H5_the_thread_and_its_files_are_the_owners_alone(client, case, owner, stranger):
    file = Attachment.objects.get()
    pages = [reverse("case", args=[case.public_id]), reverse("case_file", args=[case.public_id, file.public_id])]
    client.force_login(stranger)
    assert [client.get(page).status_code for page in pages] == [404, 404]
    assert client.post(pages[0], {"message": "mine?"}).status_code == 404
    assert "You have no cases" in client.get(reverse("cases")).text
    client.force_login(owner)
    assert case.number in client.get(reverse("cases")).text
    answer = client.get(pages[1])
    assert answer["Content-Disposition"] == 'attachment; filename="letter.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    assert answer.content == b"%PDF-1.7 kept"


def test_H5_a_reply_on_the_page_opens_the_case_again(client, case, owner):
    close(case=case, reason="x", now=make.NOW, by=owner)
    client.force_login(owner)
    page = reverse("case", args=[case.public_id])
    assert "If you write, it is opened again" in client.get(page).text
    assert "We are working on it" in client.post(page, {"message": "Again"}, follow=True).text


def test_H5_many_replies_within_an_hour_are_refused_and_stay_in_the_form(client, case, owner):
    client.force_login(owner)
    page = reverse("case", args=[case.public_id])
    assert {client.post(page, {"message": f"News {number}"}).status_code for number in range(20)} == {302}
    refused = client.post(page, {"message": "One more"}).text
    assert ("These were many messages within an hour" in refused, "One more</textarea>" in refused) == (True, True)
    assert case.messages.filter(text="One more").count() == 0


def test_H5_the_list_costs_the_same_for_many(signed_in, owner):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            signed_in.get(reverse("cases"))
        return len(asked)

    opened(owner)
    signed_in.get(reverse("cases"))
    few = queries()
    for _number in range(3):
        opened(owner)
    assert queries() == few


# Where it was opened


@pytest.mark.parametrize(
    "query",
    [
        *(
            "refund=no-id",
            "refund={other}",
            "document={other}",
            "payment={other}&on=2026-06-10",
            "why={other}&package=x",
        ),
        *(
            "manual={other}",
            "service={other}",
            "trip={other}&on=2026-06-10",
            "payment={other}",
            "article=nothing",
            "error=200",
            "trip=x&on=y",
        ),
    ],
)
def test_H5_what_is_not_ones_own_or_not_there_is_not_found(signed_in, query):
    asked = query.format(other="6f1c9d2e-0000-4000-8000-000000000000")
    assert signed_in.get(f"{NEW}?{asked}").status_code == 404


@pytest.mark.parametrize(
    ("page", "written"),
    [
        ("manuals", "I look for a manual for NX 350h, 2018, MM21."),
        ("service", "Which service, on which day, at which dealer"),
    ],
)
def test_G8_manuals_and_service_end_in_a_written_message(signed_in, car, page, written):
    kind = page.removesuffix("s")
    way = f"{NEW}?{kind}={car.public_id}"
    assert way in signed_in.get(reverse(page, args=[car.public_id])).text
    assert written in signed_in.get(way).text


def test_H5_from_a_charge_the_explanation_comes_along(signed_in, owner, car, digital_key, gateway):
    make.card(owner, gateway=gateway)
    row = make.subscription(car, package=digital_key, gateway=gateway)
    asked = f"{NEW}?payment={row.public_id}&on=2026-06-10"
    assert f"payment={row.public_id}&amp;on=" in signed_in.get(reverse("subscription", args=[row.public_id])).text
    page = signed_in.get(asked)
    assert "A charge for " in page.text
    assert 'value="billing" selected' in page.text
    signed_in.post(asked, {"category": "billing", "message": "Why?", "send": "1"})
    case = Case.objects.get()
    assert (case.about_kind, case.about_key) == ("payment", f"{row.public_id} 2026-06-10")


def test_H5_from_a_page_that_is_not_there_its_path_comes_along(signed_in):
    missing = signed_in.get("/en/nothing/here/")
    assert missing.status_code == 404
    assert f"{NEW}?error=404&amp;page=/en/nothing/here/" in missing.text
    asked = f"{NEW}?error=404&page=/en/nothing/%3Ftoken"
    assert "Error 404 /en/nothing/<" in signed_in.get(asked).text
    signed_in.post(asked, {"category": "website", "message": "It is gone.", "send": "1"})
    assert Case.objects.get().about == "Error 404 /en/nothing/"


# How long it is kept


def test_H5_the_words_go_a_markets_number_of_months_after_closing(case, owner, market):
    close(case=case, reason="done", now=make.NOW, by=owner)
    assert forget_cases(now=make.NOW.replace(year=2028, month=6, day=10)) == 0
    assert forget_cases(now=make.NOW.replace(year=2028, month=6, day=12)) == 1
    case.refresh_from_db()
    assert (case.is_blanked, case.about, case.email) == (True, "", "")
    assert [message.text for message in Message.objects.all()] == [""]
    assert not Attachment.objects.exists()
    assert forget_cases(now=make.NOW.replace(year=2028, month=6, day=13)) == 0


def test_H5_an_open_case_is_kept(case, deliver):
    assert forget_cases(now=make.NOW.replace(year=2030)) == 0


def test_A6_closing_the_account_closes_its_cases_and_their_words_and_files_go(case, owner, deliver, clock):
    path = Attachment.objects.get().path
    close_account(account=owner, confirmed=closing_quote(owner, now=make.NOW), now=make.NOW, by=owner)
    case.refresh_from_db()
    assert (case.state, case.is_blanked) == ("closed", True)
    assert Message.objects.get().text == ""
    deliver()
    assert not default_storage.exists(path)


def test_A6_the_export_holds_cases_messages_and_files(case, owner):
    rows = {name: list(EXPORTERS[name].rows(owner)) for name in ("cases", "case-messages", "case-files")}
    assert rows["cases"][0]["number"] == case.number
    assert rows["case-messages"][0]["text"] == WORDS
    ((name, content),) = EXPORTERS["case-files"].files(owner)
    assert name.startswith(f"cases/{case.number}/")
    assert content == b"%PDF-1.7 kept"
