"""A2: Terms are written as drafts, published once, and then never change."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.access import current_terms
from accounts.actions.terms_versions import discard_draft, publish_terms, save_draft
from accounts.models import Account, TermsVersion
from portal.models import AuditRecord
from portal.refusals import Refusal
from portal.roles import load_roles
from tests.accounts.conftest import PASSWORD
from tests.meta.test_layout import ROOT
from tests.staff import sign_in_at_the_desk

TEXTS = {"en": "## New\n\nStay <i>kind</i>.", "el": "## Νέο\n\nΜείνετε ευγενικοί."}


@pytest.fixture
def editor(market):
    load_roles()
    who = Account.objects.create_user("editor@example.com", PASSWORD, is_staff=True)
    who.groups.set(Group.objects.filter(name="editor"))
    return who


@pytest.fixture
def draft(terms, moment, editor):
    return save_draft(
        draft=None,
        market=terms.market,
        version="2",
        effective_at=moment + timedelta(days=30),
        texts=TEXTS,
        now=moment,
        by=editor,
    )


@pytest.fixture
def desk(client, editor):
    return sign_in_at_the_desk(client, editor, password=PASSWORD)


def page(name, *arguments):
    return reverse(f"admin:accounts_termsversion_{name}", args=arguments)


def written(market, *, day="2099-01-01", **texts):
    facts = {"market": market.pk, "version": "3", "effective_at": f"{day}T00:00"}
    return facts | {f"text_{language}": text for language, text in (TEXTS | texts).items()}


def test_a_draft_is_nobodys_terms_even_after_its_day(draft, terms, moment):
    assert current_terms(terms.market, moment + timedelta(days=60)) == terms


def test_a_published_version_comes_into_force_on_its_day(draft, terms, moment, editor):
    publish_terms(draft=draft, now=moment, by=editor)
    assert current_terms(terms.market, draft.effective_at - timedelta(seconds=1)) == terms
    assert current_terms(terms.market, draft.effective_at) == draft
    assert AuditRecord.objects.get(what="terms_published").data["version"] == "2"


@pytest.mark.parametrize("days", [30, 31])
def test_terms_come_into_force_in_the_future_only(draft, moment, editor, days):
    with pytest.raises(Refusal) as refusal:
        publish_terms(draft=draft, now=moment + timedelta(days=days), by=editor)
    assert refusal.value.code == "terms_not_ahead"


@pytest.mark.parametrize("texts", [{}, {"en": "Only English."}, TEXTS | {"el": "  "}])
def test_every_language_of_the_market_has_its_text_when_it_is_published(draft, moment, editor, texts):
    facts = {"market": draft.market, "version": "2", "effective_at": draft.effective_at}
    save_draft(draft=draft, texts=texts, now=moment, by=editor, **facts)
    with pytest.raises(Refusal) as refusal:
        publish_terms(draft=draft, now=moment, by=editor)
    assert refusal.value.code == "terms_text_missing"


def test_two_do_not_come_into_force_at_the_same_moment(draft, moment, editor):
    facts = {"market": draft.market, "effective_at": draft.effective_at, "texts": TEXTS, "now": moment, "by": editor}
    other = save_draft(draft=None, version="2b", **facts)
    publish_terms(draft=other, now=moment, by=editor)
    with pytest.raises(Refusal) as refusal:
        publish_terms(draft=draft, now=moment, by=editor)
    assert refusal.value.code == "terms_moment_taken"


def test_what_is_published_is_neither_written_again_nor_published_again_nor_discarded(draft, moment, editor):
    published = publish_terms(draft=draft, now=moment, by=editor)
    facts = {"market": draft.market, "version": "2", "effective_at": draft.effective_at, "texts": {"en": "Other."}}
    for act in (
        lambda: save_draft(draft=published, now=moment, by=editor, **facts),
        lambda: publish_terms(draft=published, now=moment, by=editor),
        lambda: discard_draft(draft=published, now=moment, by=editor),
    ):
        with pytest.raises(Refusal) as refusal:
            act()
        assert refusal.value.code == "terms_published"


@pytest.mark.parametrize(
    "damage",
    [
        lambda rows: rows.update(texts={"en": "Other words."}),
        lambda rows: rows.update(is_draft=True),
        lambda rows: rows.update(effective_at=timezone.now()),
        lambda rows: rows.delete(),
    ],
)
def test_the_database_keeps_what_was_published(terms, damage):
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        damage(TermsVersion.objects.filter(pk=terms.pk))


def test_an_editor_writes_both_languages_and_publishes(desk, terms):
    desk.post(page("add"), written(terms.market))
    row = TermsVersion.objects.get(version="3")
    assert (row.is_draft, row.texts) == (True, TEXTS)
    shown = desk.get(page("change", row.pk)).content.decode()
    assert "Stay &lt;i&gt;kind&lt;/i&gt;." in shown
    assert 'lang="el"' in shown
    assert page("publication", row.pk) in shown
    assert "neither changed nor deleted" in desk.get(page("publication", row.pk)).content.decode()
    desk.post(page("publication", row.pk))
    row.refresh_from_db()
    assert not row.is_draft


def test_an_editor_changes_and_discards_a_draft(desk, draft):
    desk.post(page("change", draft.pk), written(draft.market, en="Changed."))
    draft.refresh_from_db()
    assert draft.texts["en"] == "Changed."
    desk.post(page("delete", draft.pk), {"post": "yes"})
    assert not TermsVersion.objects.filter(pk=draft.pk).exists()
    whats = AuditRecord.objects.filter(what__startswith="terms_draft").values_list("what", flat=True)
    assert list(whats.order_by("id")) == ["terms_draft_saved", "terms_draft_saved", "terms_draft_discarded"]


def test_a_published_version_has_no_form(desk, terms):
    shown = desk.get(page("change", terms.pk)).content.decode()
    assert 'name="_save"' not in shown
    assert "Be &lt;b&gt;kind&lt;/b&gt;." in shown
    for url in (page("change", terms.pk), page("delete", terms.pk), page("publication", terms.pk)):
        assert desk.post(url, written(terms.market)).status_code == 403
    terms.refresh_from_db()
    assert terms.version == "1"


def test_a_draft_for_a_past_day_is_kept_and_publishing_it_is_refused_in_words(desk, terms):
    desk.post(page("add"), written(terms.market, day="2020-02-01"))
    row = TermsVersion.objects.get(version="3")
    answer = desk.post(page("publication", row.pk), follow=True)
    assert "in the future only" in answer.content.decode()
    assert TermsVersion.objects.get(pk=row.pk).is_draft


def test_a_number_that_is_taken_is_refused_beside_the_form(desk, terms):
    answer = desk.post(page("add"), written(terms.market) | {"version": "1"})
    assert answer.status_code == 200
    assert not TermsVersion.objects.filter(is_draft=True).exists()


def test_a_card_number_in_a_draft_is_refused(desk, terms):
    answer = desk.post(page("add"), written(terms.market, en="4242 4242 4242 4242"))
    assert "looks like a card number" in answer.content.decode()
    assert not TermsVersion.objects.filter(is_draft=True).exists()


@pytest.mark.parametrize("role", ["agent", "finance", "dealer"])
def test_other_roles_neither_write_nor_publish(client, draft, role):
    who = Account.objects.create_user(f"{role}@example.com", PASSWORD, is_staff=True)
    who.groups.set(Group.objects.filter(name=role))
    sign_in_at_the_desk(client, who, password=PASSWORD)
    assert client.get(page("add")).status_code == 403
    assert client.post(page("publication", draft.pk)).status_code == 403
    draft.refresh_from_db()
    assert draft.is_draft


def test_a_draft_is_not_accepted_by_its_number(client, newcomer, draft):
    client.force_login(newcomer)
    assert client.post(reverse("terms_acceptance"), {"version": "2"}).status_code == 404


def test_the_file_does_not_publish_what_is_a_draft_in_the_admin(draft, moment, editor):
    facts = {"market": draft.market, "effective_at": draft.effective_at, "texts": TEXTS, "now": moment, "by": editor}
    save_draft(draft=draft, version="2020-01", **facts)
    with pytest.raises(CommandError, match="2020-01 is a draft in the admin"):
        call_command("load_terms", str(ROOT / "portal" / "data" / "lexus_cy" / "terms.yaml"))
