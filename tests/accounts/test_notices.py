import re
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.db import transaction
from django.template import engines
from django.test import override_settings
from django.utils import translation

from accounts.actions.notice_choices import choose_early_notices
from accounts.mail import in_words_of
from accounts.models import Notice
from accounts.notices import texts as notice_texts
from accounts.notices.kinds import ATTACHMENT_PROVIDERS, KINDS, WORDS, register_attachments, tell
from accounts.rules.notices import OPTIONAL
from portal.models import AuditRecord, OutboxMessage
from tests.accounts.notice_facts import FACTS

DAY = date(2026, 3, 17)
HOLE = "!!missing!!"


def tell_of_trial(account, now, event_on=DAY):
    return tell(
        account=account, kind="trial_ending", subject_key="subscription-7", event_on=event_on, now=now,
        package="remote", **FACTS["trial_ending"],
    )  # fmt: skip


def test_n2_a_notice_is_told_once_per_subject_and_day(member, moment):
    assert tell_of_trial(member, moment)
    assert not tell_of_trial(member, moment + timedelta(days=1))
    assert tell_of_trial(member, moment, event_on=DAY + timedelta(days=30))
    assert Notice.objects.count() == OutboxMessage.objects.filter(handler="notice_mail").count() == 2


def test_a_notice_leaves_an_audit_record_that_names_kind_and_package(member, moment):
    tell_of_trial(member, moment)
    assert AuditRecord.objects.get(what="notice").data == {"kind": "trial_ending", "package": "remote"}


def test_a_notice_whose_transaction_rolls_back_was_never_told(member, moment):
    with transaction.atomic():
        tell_of_trial(member, moment)
        transaction.set_rollback(True)
    assert not Notice.objects.exists()
    assert not OutboxMessage.objects.exists()


def test_a_notice_with_a_missing_fact_is_refused(member, moment):
    with pytest.raises(ValueError, match="charge_on"):
        tell(account=member, kind="trial_ending", subject_key="s", event_on=DAY, now=moment, package_name="Remote")


def test_a_notice_cannot_lead_out_of_the_site(member, moment):
    facts = FACTS["trial_ending"] | {"url": "//evil.example"}
    with pytest.raises(ValueError, match="path of this site"):
        tell(account=member, kind="trial_ending", subject_key="s", event_on=DAY, now=moment, **facts)


def test_every_kind_has_sample_facts():
    assert FACTS.keys() == KINDS.keys()
    assert all(set(kind.facts) == FACTS[name].keys() for name, kind in KINDS.items())


@pytest.fixture
def strict_templates(settings):
    """A variable that is missing leaves a mark in the text."""
    options = {**settings.TEMPLATES[0]["OPTIONS"], "string_if_invalid": HOLE}
    with override_settings(TEMPLATES=[{**settings.TEMPLATES[0], "OPTIONS": options}]):
        yield engines["django"]


@pytest.mark.parametrize("language", ["en", "el"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_be_read_in_every_language(kind, language, member, moment, strict_templates):
    notice = Notice(account=member, kind=kind, facts=FACTS[kind], event_on=DAY, created_at=moment)
    member.language = language
    with in_words_of(member):
        words = f"{notice_texts.subject(notice)}\n{notice_texts.body(notice)}"
    assert HOLE not in words
    assert "{" not in words
    assert all(value in words for name, value in FACTS[kind].items() if name in {"package_name", "card_last4"})
    if "amount" in FACTS[kind]:
        assert {"en": "€99.00", "el": "99,00\xa0€"}[language] in words


@pytest.mark.parametrize("language", ["en", "el"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_mailed_in_every_language_as_text_and_as_html(
    kind, language, member, moment, sweep, mailoutbox, strict_templates, monkeypatch
):
    monkeypatch.setattr("accounts.notices.kinds.ATTACHMENT_PROVIDERS", {})
    member.language = language
    member.save(update_fields=["language"])
    choose_early_notices(account=member, is_wanted=True, now=moment, by=member)
    tell(account=member, kind=kind, subject_key="s", event_on=DAY, now=moment, **FACTS[kind])
    assert sweep(moment) == 1
    [mail] = mailoutbox
    [html] = [content for content, type_ in mail.alternatives if type_ == "text/html"]
    assert mail.subject == " ".join(mail.subject.split()) != ""
    for words in (mail.subject, mail.body, html):
        assert HOLE not in words
        assert not re.search(r"{[{%]|%\(", words)
    links = re.findall(r'href="([^"]*)"', html)
    assert all(link.startswith((settings.SITE_URL, "mailto:")) for link in links)
    if "url" in FACTS[kind]:
        assert f"\n{settings.SITE_URL}/" in mail.body
    is_asked_for = KINDS[kind].importance == OPTIONAL
    assert ("List-Unsubscribe" in mail.extra_headers) == is_asked_for
    assert any("/notices/end/" in link for link in links) == is_asked_for


def test_the_sample_template_check_sees_a_missing_fact(member, strict_templates):
    notice = Notice(account=member, kind="trial_ending", facts={"charge_on": "2026-03-17"})
    with translation.override("en"):
        assert HOLE in notice_texts.subject(notice)


def test_a_mail_waits_for_its_document(member, moment, sweep, mailoutbox, monkeypatch):
    monkeypatch.setattr("accounts.notices.kinds.ATTACHMENT_PROVIDERS", dict(ATTACHMENT_PROVIDERS))
    files: list[tuple[str, bytes, str]] = []

    def documents(notice):
        if not files:
            raise FileNotFoundError(notice.facts["document"])
        return files

    register_attachments("invoice_issued", documents)
    tell(account=member, kind="invoice_issued", subject_key="i", event_on=DAY, now=moment, **FACTS["invoice_issued"])
    assert sweep(moment) == 0
    files.append(("invoice.pdf", b"%PDF-", "application/pdf"))
    assert sweep(moment + timedelta(minutes=2)) == 1
    assert mailoutbox[0].attachments[0].filename == "invoice.pdf"


def test_a_code_is_said_in_words_of_the_readers_language(member, moment, monkeypatch):
    monkeypatch.setitem(WORDS, "term", lambda code: f"<{code}, {translation.get_language()}>")
    notice = Notice(account=member, kind="complimentary_ending", facts=FACTS["complimentary_ending"])
    with translation.override("el"):
        assert "<yearly, el>" in notice_texts.body(notice)
