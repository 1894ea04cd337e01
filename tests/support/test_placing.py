"""Editors take an answer down and put it up again, and say where it stands; files leave that alone (H1)."""

import pytest
from django.urls import reverse

from portal.models import AuditRecord
from portal.refusals import Refusal
from support.actions.articles import load_articles
from support.actions.placing import place_article, put_up, take_down
from support.files.content import CONTENT
from support.finding.search import search
from support.models import Article
from tests import make


@pytest.fixture
def article(hub):
    return Article.objects.get(slug="how-to-cancel")


def found(market):
    return [each.shown.slug for each in search("how do I cancel", language="en", market=market)]


def test_H1_taken_down_it_is_neither_found_nor_listed_nor_linked_and_put_up_it_is_again(article, market, client, owner):
    page = reverse("support_article", args=[article.category, article.slug])
    related = Article.objects.filter(related__contains=[article.slug]).first()
    there = reverse("support_article", args=[related.category, related.slug])
    assert (client.get(page).status_code, article.slug in found(market)) == (200, True)
    take_down(article=article, reason="It is wrong.", now=make.NOW, by=owner)
    assert (client.get(page).status_code, article.slug in found(market)) == (404, False)
    for other in (there, reverse("support_category", args=[article.category])):
        assert page not in client.get(other).content.decode()
    load_articles(CONTENT, now=make.NOW)
    assert article.slug not in found(market)
    put_up(article=article, now=make.NOW, by=owner)
    assert (client.get(page).status_code, found(market)[0]) == (200, article.slug)
    record = AuditRecord.objects.get(what="article_taken_down")
    assert (record.by, record.data["reason"]) == (owner, "It is wrong.")


def test_H1_it_is_taken_down_and_put_up_once(article, owner):
    with pytest.raises(Refusal, match="see it already"):
        put_up(article=article, now=make.NOW, by=owner)
    take_down(article=article, reason="Wrong.", now=make.NOW, by=owner)
    with pytest.raises(Refusal, match="taken down already"):
        take_down(article=article, reason="Wrong.", now=make.NOW, by=owner)


def test_H1_where_an_editor_put_it_the_files_leave_it(article, client, owner):
    old = article.category
    place_article(
        article=article, category="payments", also_in=[old], done_in="app", related=[], now=make.NOW, by=owner
    )
    load_articles(CONTENT, now=make.NOW)
    article.refresh_from_db()
    assert (article.category, article.also_in, article.done_in, article.related) == ("payments", [old], "app", [])
    answer = client.get(reverse("support_article", args=[old, article.slug]))
    assert answer.url == reverse("support_article", args=["payments", article.slug])


def test_H1_editors_do_both_in_the_admin(article, admin_client):
    place, visibility = (
        reverse(f"admin:support_article_{page}", args=[article.pk]) for page in ("place", "visibility")
    )
    assert (
        "It is not related to itself"
        in admin_client.post(
            place, {"category": article.category, "done_in": "app", "related": article.slug}
        ).content.decode()
    )
    admin_client.post(place, {"category": article.category, "done_in": "app", "related": "refund-policy"})
    admin_client.post(visibility, {})
    article.refresh_from_db()
    assert (article.done_in, article.related, article.is_up) == ("app", ["refund-policy"], True)
    admin_client.post(visibility, {"reason": "It is wrong."})
    article.refresh_from_db()
    assert not article.is_up
    admin_client.post(visibility, {})
    article.refresh_from_db()
    assert article.is_up


def test_C1_a_visitor_reads_the_status_and_the_contact_of_another_market(client, market):
    make.another_market(market, "GR", names={"en": "Greece", "el": "Ελλάδα"})
    for page in ("support_status", "contact"):
        words = client.get(reverse(page)).content.decode()
        assert 'href="?market=GR"' in words, page
        assert "market=CY" in client.get(reverse(page), {"market": "GR"}).content.decode()
        assert client.get(reverse(page), {"market": "XX"}).status_code == 404
