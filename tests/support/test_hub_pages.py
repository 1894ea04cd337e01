"""The hub's pages: public, without a cookie, in the reader's language or the other (H1 to H3)."""

import pytest
from django.urls import reverse
from django.utils import translation

from support.articles.hub import url_of
from support.models import Article, ArticleText, FailedSearch

LIMIT = 14


def page(client, name, *args, language="en", query="", **headers):
    with translation.override(language):
        return client.get(reverse(name, args=args) + query, headers=headers)


def text_of(answer) -> str:
    assert answer.status_code == 200
    return answer.content.decode()


def test_H1_the_first_page_shows_each_category(client, hub):
    shown = text_of(page(client, "support"))
    assert 'href="/en/support/cancelling/"' in shown
    assert "Cancelling and refunds" in shown


def test_H1_a_category_lists_its_questions_and_those_of_others(client, hub):
    assert "How do I cancel?" in text_of(page(client, "support_category", "cancelling"))
    article = Article.objects.exclude(also_in=[]).first()
    assert f"/{article.slug}/" in text_of(page(client, "support_category", article.also_in[0]))


def test_H3_an_article_answers_links_and_names_what_is_related(client, hub):
    shown = text_of(page(client, "support_article", "cancelling", "refund-yearly-and-four-yearly"))
    assert "<h1>How much comes back for yearly and four-yearly plans?</h1>" in shown
    assert "€66.00" in shown
    assert f'href="{reverse("how_we_calculate")}"' in shown
    assert "/support/cancelling/refund-policy/" in shown
    assert "Updated on" in shown
    assert "{{" not in shown


def test_every_article_has_its_page(client, hub):
    for article in Article.objects.all():
        assert "**" not in text_of(client.get(url_of(article)))


def test_an_article_has_one_address(client, hub):
    article = Article.objects.exclude(also_in=[]).first()
    answer = page(client, "support_article", article.also_in[0], article.slug)
    assert answer.status_code == 302
    assert answer.url.endswith(f"/{article.category}/{article.slug}/")


@pytest.mark.parametrize("address", ["nothing/", "cancelling/nothing/", "account/how-to-cancel/", "nothing/x/"])
def test_what_there_is_not_is_not_found(client, hub, address):
    assert client.get(f"/en/support/{address}").status_code == 404


@pytest.fixture
def without_greek(hub):
    ArticleText.objects.filter(language="el").delete()


def test_what_is_missing_in_one_language_stands_in_the_other_and_says_so(client, without_greek):
    shown = text_of(page(client, "support_article", "cancelling", "how-to-cancel", language="el"))
    assert '<span lang="en">How do I cancel?</span>' in shown
    assert '<div class="prose" lang="en">' in shown


def test_a_text_of_the_readers_language_comes_first(client, without_greek):
    article = Article.objects.get(slug="how-to-cancel")
    words = {"language": "el", "question": "Πώς ακυρώνω;", "body": "Από τη σελίδα.", "source_hash": "x"}
    ArticleText.objects.create(article=article, updated_at=article.texts.get().updated_at, **words)
    shown = text_of(page(client, "support_article", "cancelling", "how-to-cancel", language="el"))
    assert "<h1>Πώς ακυρώνω;</h1>" in shown
    assert "How do I cancel?" not in shown


def test_markup_in_a_text_is_words(client, hub):
    ArticleText.objects.filter(article__slug="how-to-cancel").update(body="<script>x</script> **<b>y</b>**")
    shown = text_of(page(client, "support_article", "cancelling", "how-to-cancel"))
    assert "&lt;script&gt;" in shown
    assert "<strong>&lt;b&gt;y&lt;/b&gt;</strong>" in shown


@pytest.mark.parametrize(
    ("name", "args", "query"),
    [
        ("support", (), ""),
        ("support_category", ("cancelling",), ""),
        ("support_article", ("cancelling", "how-to-cancel"), ""),
        ("support_search", (), "?q=refund"),
        ("support_howtos", (), ""),
        ("support_guide", ("used-car",), ""),
        ("support_video", ("qr-code",), ""),
    ],
)
def test_everybody_may_keep_a_copy_and_no_cookie_is_set(client, hub, name, args, query):
    answer = page(client, name, *args, query=query)
    assert "public" in answer["Cache-Control"]
    assert not answer.cookies
    assert page(client, name, *args, query=query, if_none_match=answer["ETag"]).status_code == 304


def test_H2_the_search_shows_the_passage_with_what_matched(client, hub):
    shown = text_of(page(client, "support_search", query="?q=withdrawl"))
    assert 'value="withdrawl"' in shown
    assert "<mark>" in shown


def test_H2_categories_and_tasks_stand_beside_the_search(client, hub):
    text = text_of(page(client, "support_search", query="?q=invoice"))
    assert "I want to …" in text
    assert "/en/support/payment-methods/" in text


def test_H2_as_one_types_the_results_come_alone(client, hub):
    answer = page(client, "support_search", query="?q=refu", hx_request="true")
    assert "<html" not in text_of(answer)
    assert "refund" in text_of(answer)
    assert "HX-Request" in answer["Vary"]


def test_H2_what_is_found_in_another_language_is_marked_as_such(client, without_greek):
    shown = text_of(page(client, "support_search", query="?q=refund&settled=1", language="el"))
    assert '<h3 lang="en">' in shown
    # For the editors that is a search in vain: the reader's language has no answer (H4).
    assert FailedSearch.objects.get().words == "refund"


@pytest.mark.parametrize(
    ("language", "typed", "slug"),
    [
        ("en", "set up my digital key", "guides/digital-key"),
        ("el", "psifiako kleidi", "guides/digital-key"),
        ("el", "φορτιστης στο σπιτι", "videos/home-charging-installation"),
    ],
)
def test_H1_guides_and_videos_stand_below_the_answers_of_a_search(client, hub, language, typed, slug):
    shown = text_of(page(client, "support_search", language=language, query=f"?q={typed}"))
    assert f"/support/{slug}/" in shown.split('id="howtos-title"')[1]


@pytest.mark.parametrize(("typed", "leads"), [("digital key", True), ("qr", True), ("cancel the plan guide", False)])
def test_H1_a_guide_called_as_was_typed_stands_before_the_answers(client, hub, typed, leads):
    text = page(client, "support_search", query=f"?q={typed}").content.decode()
    assert (0 < text.index("howtos-title") < text.index("likeliest first")) == leads


def test_H1_a_category_and_an_answer_lead_to_guides_and_say_where_it_is_done(client, hub):
    assert "/support/videos/home-charging-activation/" in text_of(page(client, "support_category", "remote"))
    shown = text_of(page(client, "support_article", "subscriptions", "how-to-subscribe"))
    assert "/support/guides/paid-subscription/" in shown
    assert "Done here or in Sample Link" in shown


@pytest.mark.parametrize("query", ["?q=", "", "?q=%00", "?q=%27%22%3Cb%3E%26|!()", f"?q={'x' * 5000}"])
def test_whatever_is_typed_gets_a_page(client, hub, query):
    assert "<b>" not in text_of(page(client, "support_search", query=query))


def test_pages_ask_the_database_a_fixed_number_of_times(client, hub, django_assert_max_num_queries):
    for name, args, query in (
        ("support", (), ""),
        ("support_category", ("payment-methods",), ""),
        ("support_article", ("cancelling", "how-to-cancel"), ""),
        ("support_search", (), "?q=refund+card"),
    ):
        with django_assert_max_num_queries(LIMIT):
            page(client, name, *args, query=query)
