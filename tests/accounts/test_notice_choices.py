"""Notices and choices: by topic and channel; optional ones are opted into and left again (S9, N1)."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.actions.notice_choices import choose_early_notices, choose_notices, early_notices_since
from accounts.models import Notice, NoticeChoice
from accounts.notices.choices import channels_of, choosable, notices_for
from accounts.notices.kinds import KINDS, tell
from accounts.notices.links import leave_token
from accounts.notices.topics import TOPICS
from accounts.rules.notices import APP, CONTRACTUAL, EMAIL, HEAD_UNIT, INBOX, SERVICE
from portal.models import AuditRecord
from tests.accounts.notice_facts import FACTS

DAY = date(2026, 3, 17)
EARLY = NoticeChoice.EARLY


def told(account, moment, *kinds, subject_key="s"):
    for kind in kinds:
        tell(account=account, kind=kind, subject_key=subject_key, event_on=DAY, now=moment, **FACTS[kind])


def kinds(notices):
    return {notice.kind for notice in notices}


def boxes(form):
    return {name: "on" for name, field in form.fields.items() if field.initial}


def test_N1_every_kind_is_of_the_importance_of_its_topic():
    assert all(kind.importance == TOPICS[kind.topic].importance for kind in KINDS.values())


def test_N1_every_kind_is_mailed_and_kept_in_the_inbox():
    assert all(kind.channels >= {EMAIL, INBOX} for kind in KINDS.values())


def test_C5_the_end_of_a_complimentary_period_goes_everywhere():
    assert channels_of("services") == (EMAIL, INBOX, APP, HEAD_UNIT)
    assert HEAD_UNIT in KINDS["complimentary_ending"].channels & KINDS["complimentary_ended"].channels


def test_N1_mail_of_contracts_and_the_inbox_cannot_be_switched_off():
    for name, topic in TOPICS.items():
        assert (EMAIL in choosable(name)) == (topic.importance != CONTRACTUAL)
        assert INBOX not in choosable(name) or topic.importance not in {CONTRACTUAL, SERVICE}


def test_the_action_refuses_what_no_form_offers(member, moment):
    with pytest.raises(ValueError, match="contracts email"):
        choose_notices(account=member, wanted={("contracts", EMAIL): False}, now=moment, by=member)


def test_the_database_keeps_no_choice_against_the_inbox(member, moment):
    with pytest.raises(IntegrityError, match="inbox_never_switched_off"), transaction.atomic():
        NoticeChoice.objects.create(account=member, choice="cards", channel=INBOX, is_wanted=False, chosen_at=moment)


def test_the_page_says_what_is_always_told_and_offers_the_rest(member_client):
    page = member_client.get(reverse("notice_choices"))
    assert "cannot be switched off" in page.text
    assert "contracts-email" not in page.text
    assert 'aria-label="Your cards: E-mail"' in page.text
    assert page.text.count("<tbody>") == 3


def test_N1_a_service_topic_is_switched_off_on_one_channel_and_on_again(member_client, member):
    address = reverse("notice_choices")
    chosen = boxes(member_client.get(address).context["form"])
    del chosen["cards-email"]
    for _twice in range(2):
        assert member_client.post(address, chosen).url == address
    [row] = NoticeChoice.objects.all()
    assert (row.account, row.choice, row.channel, row.is_wanted) == (member, "cards", EMAIL, False)
    member_client.post(address, chosen | {"cards-email": "on"})
    assert not NoticeChoice.objects.exists()
    records = AuditRecord.objects.filter(what="notices chosen").order_by("pk")
    assert [record.data["is_wanted"] for record in records] == [False, True]


def test_S9_early_notices_are_chosen_and_given_up_again(client, owner):
    client.force_login(owner)
    address = reverse("notice_choices")
    assert address in client.get(reverse("notices")).text
    chosen = boxes(client.get(address).context["form"])
    client.post(address, chosen | {"early_charges-email": "on"})
    assert {row.channel for row in NoticeChoice.objects.filter(choice=EARLY)} == {EMAIL, INBOX}
    client.post(address, chosen)
    assert not NoticeChoice.objects.exists()
    assert AuditRecord.objects.filter(what="notices chosen").count() == 4


def test_S9_the_day_of_opting_in_is_that_of_the_inbox(member, moment):
    assert early_notices_since(member) is None
    choose_early_notices(account=member, is_wanted=True, now=moment, by=member)
    assert early_notices_since(member) == date(2026, 3, 10)
    choose_early_notices(account=member, is_wanted=False, now=moment, by=member)
    assert early_notices_since(member) is None


def test_N1_what_goes_to_a_channel_is_what_may_and_what_is_wanted(member, newcomer, moment):
    told(member, moment, "invoice_issued", "complimentary_ending", "card_expiring", "charge_upcoming_early")
    told(newcomer, moment, "invoice_issued")
    assert kinds(notices_for(member, HEAD_UNIT)) == {"complimentary_ending"}
    assert kinds(notices_for(member, APP)) == {"invoice_issued", "complimentary_ending", "card_expiring"}
    wanted = {("cards", APP): False, ("services", HEAD_UNIT): False, (EARLY, APP): True, ("payments", APP): False}
    choose_notices(account=member, wanted=wanted, now=moment, by=member)
    assert kinds(notices_for(member, APP)) == {"complimentary_ending", "charge_upcoming_early"}
    assert not notices_for(member, HEAD_UNIT).exists()
    assert notices_for(member, INBOX).count() == 4


def test_what_goes_to_a_channel_is_found_in_two_queries(member, moment, django_assert_num_queries):
    told(member, moment, "card_expiring", "card_expired")
    with django_assert_num_queries(2):
        assert len(notices_for(member, APP)) == 2


def test_N1_what_is_switched_off_is_kept_in_the_inbox_and_not_mailed(member, moment, sweep, mailoutbox):
    choose_notices(account=member, wanted={("cards", EMAIL): False}, now=moment, by=member)
    told(member, moment, "card_expiring", "trial_ending")
    assert sweep(moment) == 2
    assert len(mailoutbox) == 1
    assert Notice.objects.count() == 2


def early_mail(member, moment, sweep, mailoutbox):
    choose_early_notices(account=member, is_wanted=True, now=moment, by=member)
    told(member, moment, "charge_upcoming_early")
    sweep(moment)
    return mailoutbox[0]


def test_a_mail_that_was_asked_for_is_left_by_one_click_without_signing_in(member, moment, sweep, mailoutbox, client):
    mail = early_mail(member, moment, sweep, mailoutbox)
    assert mail.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = mail.extra_headers["List-Unsubscribe"].strip("<>")
    assert address in mail.body
    assert address.startswith("http://localhost:8000/en/notices/end/")
    client.handler.enforce_csrf_checks = True
    for _twice in range(2):
        answer = client.post(address.removeprefix("http://localhost:8000"), {"List-Unsubscribe": "One-Click"})
        assert (answer.status_code, "No more of these mails" in answer.text) == (200, True)
    assert [row.channel for row in NoticeChoice.objects.filter(choice=EARLY).order_by("channel")] == [APP, INBOX]
    assert AuditRecord.objects.filter(what="notices chosen").latest("pk").by is None
    told(member, moment, "charge_upcoming_early", subject_key="t")
    sweep(moment)
    assert len(mailoutbox) == 1


def test_the_link_alone_changes_nothing_and_shows_a_button(member, moment, client):
    choose_early_notices(account=member, is_wanted=True, now=moment, by=member)
    page = client.get(reverse("notice_leaving", args=[leave_token(member, EARLY)]))
    assert "<button" in page.text
    assert "Charges, told early" in page.text
    assert NoticeChoice.objects.filter(channel=EMAIL).exists()


@pytest.mark.parametrize("topic", ["contracts", "payments", "nonsense"])
def test_no_link_leaves_what_cannot_be_left(member, client, topic):
    assert client.post(reverse("notice_leaving", args=[leave_token(member, topic)])).status_code == 400


def test_mails_about_contracts_and_services_have_no_such_header(member, moment, sweep, mailoutbox):
    told(member, moment, "trial_ending", "card_expiring")
    sweep(moment)
    assert [mail.extra_headers.get("List-Unsubscribe") for mail in mailoutbox] == [None, None]
