"""Editors prepare words in both languages, preview them, publish them now or later, and bring old ones back (H1)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.models import AuditRecord, Market
from support.actions.articles import load_articles
from support.actions.drafts import publish_draft, publish_due
from support.files.content import CONTENT
from support.models import Article, ArticleDraft, ArticleText, ArticleVersion
from support.tasks import forget_old_feedback, publish_due_drafts
from tests.support.small import article, page, video


@pytest.fixture
def asked(market):
    return article(languages=("en",))


def languages(row) -> str:
    return reverse("admin:support_article_languages", args=[row.pk])


def written(language="en", **words):
    values = {"question": "How?", "body": "Like **this**.", "words": "stop", "links": "wallet: My cards"} | words
    return {"language": language} | {f"{language}-{name}": value for name, value in values.items()}


def shown(client) -> str:
    return page(client, "support_article", "cancelling", "how-to-cancel").content.decode()


def test_H1_both_languages_stand_side_by_side_and_what_is_missing_or_stale_is_said(admin_client, asked):
    text = admin_client.get(languages(asked)).content.decode()
    assert "Ελληνικά" in text
    assert text.count("<strong>Missing.</strong>") == 1
    ArticleText.objects.create(
        article=asked, language="el", question="Πώς;", body="Έτσι.", source_hash="", updated_at=timezone.now()
    )
    assert "Stale: another language is newer." in admin_client.get(languages(asked)).content.decode()


def test_H1_nobody_but_editors_sees_a_draft_until_it_is_published(admin_client, client, asked):
    admin_client.post(languages(asked), written() | {"save": "1"})
    assert "Like <strong>this" not in shown(client)
    seen = admin_client.get(reverse("admin:support_article_preview", args=[asked.pk, "en"])).content.decode()
    assert "Like <strong>this</strong>." in seen
    admin_client.post(languages(asked), {"language": "en", "do": "publish"})
    assert "Like <strong>this</strong>." in shown(client)
    assert ">My cards</a>" in shown(client)
    assert not ArticleDraft.objects.exists()
    assert AuditRecord.objects.filter(what="article_changed").count() == 1


def test_H1_a_missing_language_is_written_and_published_at_once(admin_client, client, asked):
    admin_client.post(languages(asked), written("el", question="Πώς;", body="Έτσι.", links="") | {"publish": "1"})
    assert "Έτσι." in page(client, "support_article", "cancelling", "how-to-cancel", language="el").content.decode()


def test_H1_a_draft_is_published_when_its_moment_has_come(admin_client, client, asked):
    moment = timezone.now() + timedelta(hours=2)
    local = moment.astimezone(Market.objects.get().zone).strftime("%Y-%m-%d %H:%M:%S")
    admin_client.post(languages(asked), written(publish_at=local) | {"save": "1"})
    publish_due_drafts()
    assert "Like <strong>this" not in shown(client)
    assert publish_due(now=moment + timedelta(seconds=1)) == 1
    assert publish_due(now=moment + timedelta(seconds=1)) == 0
    assert "Like <strong>this" in shown(client)
    forget_old_feedback()


def test_a_draft_that_another_has_published_is_said_to_be_gone(admin_client, asked):
    admin_client.post(languages(asked), written() | {"save": "1"})
    publish_draft(draft=ArticleDraft.objects.get(), now=timezone.now(), by=None)
    answer = admin_client.post(languages(asked), {"language": "en", "do": "publish"}, follow=True)
    assert "There is no draft any more." in answer.content.decode()


def test_H1_a_draft_can_be_discarded(admin_client, asked):
    admin_client.post(languages(asked), written() | {"save": "1"})
    admin_client.post(languages(asked), {"language": "en", "do": "discard"})
    assert not ArticleDraft.objects.exists()
    assert AuditRecord.objects.filter(what="article_draft_discarded").exists()


def test_H1_every_published_state_is_a_version_and_can_be_brought_back(admin_client, client, asked):
    for body in ("First.", "Second."):
        admin_client.post(languages(asked), written(body=body) | {"publish": "1"})
    first = ArticleVersion.objects.get(body="First.")
    admin_client.post(languages(asked), {"language": "en", "do": "restore", "version": first.pk})
    admin_client.post(languages(asked), {"language": "en", "do": "publish"})
    assert "<p>First.</p>" in shown(client)
    assert ArticleVersion.objects.filter(article=asked).count() == 3


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"body": "| a | b |"}, "Line 1: | is none of the markup of an answer."),
        ({"body": "So\n\n## Head"}, "Line 3: # is none of the markup of an answer."),
        ({"body": "{{ nothing }}"}, "No placeholder: nothing."),
        ({"links": "purse: My purse"}, "No page without arguments is called purse."),
        ({"links": "wallet:"}, "wallet needs words"),
        ({"links": "wallet: {{ x }}"}, "No placeholder: x."),
        ({"links": "\n".join(["wallet: x"] * 9)}, "At most 8 links."),
        ({"publish_at": "soon"}, "Enter a valid date/time."),
        ({"question": "4111 1111 1111 1111"}, "looks like a card number"),
    ],
)
def test_what_the_files_refuse_the_form_refuses_too_and_keeps_what_was_typed(admin_client, asked, words, sentence):
    text = admin_client.post(languages(asked), written(**words) | {"save": "1"}).content.decode()
    assert sentence in text
    assert "stop</textarea>" in text
    assert not ArticleDraft.objects.exists()


def test_the_help_of_the_form_names_no_markup_that_it_refuses(admin_client, asked):
    assert "table" not in admin_client.get(languages(asked)).content.decode().split("Like")[0].split("<form")[-1]


def test_H1_a_video_is_previewed_with_its_steps(admin_client, market):
    row = video()
    body = "Begin.\n\n## Hold\nIt.\n\n## Move\n![It](cable)\nIt."
    admin_client.post(languages(row), written(body=body) | {"save": "1"})
    text = admin_client.get(reverse("admin:support_article_preview", args=[row.pk, "en"])).content.decode()
    assert "2. Move" in text
    refused = admin_client.post(languages(row), written(body="No steps.") | {"save": "1"}).content.decode()
    assert "it needs 2 steps or more" in refused
    assert admin_client.get(reverse("admin:support_article_preview", args=[row.pk, "fr"])).status_code == 404


def test_H1_an_editor_begins_an_article_that_loading_leaves_alone(admin_client, client, asked):
    new = reverse("admin:support_article_new_article")
    words = {"slug": "how-to-stop", "category": "cancelling", "done_in": "both", "related": "how-to-cancel"}
    assert "There is one already." in admin_client.post(new, words | {"slug": "how-to-cancel"}).content.decode()
    assert "there is no x" in admin_client.post(new, words | {"related": "x"}).content.decode()
    admin_client.post(new, words)
    row = Article.objects.get(slug="how-to-stop")
    assert page(client, "support_article", "cancelling", "how-to-stop").status_code == 404
    admin_client.post(languages(row), written(links="") | {"publish": "1"})
    assert "how-to-cancel" not in load_articles(CONTENT, now=timezone.now()).removed
    assert page(client, "support_article", "cancelling", "how-to-stop").status_code == 200


def test_K1_who_is_no_editor_has_none_of_it(client, stranger, asked):
    client.force_login(stranger)
    for url in (
        languages(asked),
        reverse("admin:support_article_report"),
        reverse("admin:support_article_new_article"),
    ):
        assert client.get(url).status_code == 302
