"""Editors see what is missing or stale in a language, and change texts that files then leave alone (H1)."""

from datetime import timedelta
from shutil import copytree

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from portal.models import AuditRecord, Market
from support.actions.articles import change_text, load_articles
from support.files.content import CONTENT
from support.finding.search import search
from support.models import Article, ArticleText
from tests import make


@pytest.fixture
def text(hub):
    return ArticleText.objects.select_related("article").get(article__slug="how-to-cancel", language="en")


def change_page(text) -> str:
    return reverse("admin:support_articletext_change", args=[text.pk])


def written(text, **words):
    return {"question": text.question, "body": text.body, "words": "\n".join(text.keywords)} | words


def test_H1_loading_again_changes_nothing(hub):
    found = load_articles(CONTENT, now=make.NOW)
    assert (found.loaded, found.kept, found.removed) == ([], [], [])
    assert found.unchanged == ArticleText.objects.count()


def test_H1_what_is_missing_in_a_language_is_said(market, tmp_path):
    copytree(CONTENT / "en", tmp_path / "en")
    missing = load_articles(tmp_path, now=make.NOW).missing
    assert len(missing) == Article.objects.count()
    assert "el/how-to-cancel" in missing


def test_H1_an_editors_words_stay_and_a_file_that_changed_too_is_reported(text, owner):
    change_text(text=text, question="How to end it?", body="So.", keywords=[], now=make.NOW, by=owner)
    ArticleText.objects.filter(pk=text.pk).update(source_hash="an older file")
    assert "en/how-to-cancel" in load_articles(CONTENT, now=make.NOW).kept
    text.refresh_from_db()
    assert text.question == "How to end it?"


def test_H1_a_file_that_changed_brings_its_words(text):
    ArticleText.objects.filter(pk=text.pk).update(source_hash="an older file", body="Old.")
    later = make.NOW + timedelta(days=1)
    assert load_articles(CONTENT, now=later).loaded == ["en/how-to-cancel"]
    text.refresh_from_db()
    assert text.body != "Old."
    assert text.updated_at == later


def test_an_article_whose_files_are_gone_is_removed(hub):
    values = {"category": "account", "position": 999, "done_in": "app"}
    Article.objects.create(slug="of-yesterday", **values)
    assert load_articles(CONTENT, now=make.NOW).removed == ["of-yesterday"]


def test_a_faulty_file_loads_nothing_and_is_named(market, tmp_path):
    before = Article.objects.count()
    folder = tmp_path / "en" / "account"
    folder.mkdir(parents=True)
    (folder / "broken.md").write_text("no front matter", encoding="utf-8")
    with pytest.raises(CommandError, match=r"broken\.md"):
        call_command("load_articles", str(tmp_path))
    assert Article.objects.count() == before


def test_the_command_reports_what_it_did(hub, capsys):
    call_command("load_articles", str(CONTENT))
    assert "0 loaded" in capsys.readouterr().out


def test_an_editor_changes_a_text_and_search_finds_the_new_words(admin_client, text):
    answer = admin_client.post(change_page(text), written(text, body="Write to the zeppelin."))
    assert answer.status_code == 302
    text.refresh_from_db()
    assert text.edited_at is not None
    assert text.body == "Write to the zeppelin."
    assert search("zeppelin", language="en", market=Market.objects.get())[0].shown.slug == text.article.slug
    record = AuditRecord.objects.get(what="article_changed")
    assert record.data["before"]["question"] == "How do I cancel?"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"body": "{{ nothing }}"}, "No placeholder: nothing."),
        ({"question": "{{ none }}?"}, "No placeholder: none."),
        ({"body": "My card is 4111 1111 1111 1111."}, "looks like a card number"),
        ({"words": "x" * 81}, "At most 40 keywords"),
        ({"body": "x" * 6001}, "At most 6000 characters"),
    ],
)
def test_bad_words_are_refused_and_nothing_changes(admin_client, text, words, sentence):
    assert sentence in admin_client.post(change_page(text), written(text, **words)).content.decode()
    assert not AuditRecord.objects.filter(what="article_changed").exists()


def test_the_lists_say_what_is_missing_and_what_is_stale(admin_client, text):
    ArticleText.objects.filter(article=text.article, language="el").delete()
    words = {"language": "el", "question": "Πώς ακυρώνω;", "body": "Έτσι.", "source_hash": "x"}
    ArticleText.objects.create(article=text.article, updated_at=make.NOW - timedelta(days=1), **words)
    articles, texts = reverse("admin:support_article_changelist"), reverse("admin:support_articletext_changelist")
    assert "how-to-cancel" not in admin_client.get(f"{articles}?missing=el").content.decode()
    stale = admin_client.get(f"{texts}?stale=yes").content.decode()
    assert "Πώς ακυρώνω;" in stale
    assert "How do I cancel?" not in stale
    assert admin_client.get(reverse("admin:support_article_change", args=[text.article_id])).status_code == 200
