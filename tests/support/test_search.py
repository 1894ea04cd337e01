"""Search finds the answer for a question asked in other words, and forgives typing errors (H2)."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from support.indexing import index
from support.models import Article, ArticleText
from support.search import LONGEST_QUERY, search
from tests import make

QUESTIONS = Path(__file__).parent / "questions.csv"


def evaluated(file) -> dict:
    out = StringIO()
    call_command("evaluate_search", str(file), stdout=out)
    return json.loads(out.getvalue().splitlines()[-1])


def slugs(query, market, **options):
    return [found.text.article.slug for found in search(query, language="en", market=market, **options)]


def test_H2_questions_in_peoples_own_words_find_their_answers(hub):
    found = evaluated(QUESTIONS)
    assert found["questions"] >= 60
    assert found["first_three"] >= 0.9, found
    assert found["first"] >= 0.75, found


@pytest.mark.parametrize(
    ("query", "slug"),
    [
        ("withdrawl", "withdrawal-right"),
        ("WITHDRAWAL", "withdrawal-right"),
        ("privcy mode", "what-is-privacy-mode"),
        ("performanc", "performance-score"),
        ("invoi", "find-invoices"),
    ],
)
def test_H2_typing_errors_capitals_and_beginnings_of_words_are_forgiven(hub, query, slug):
    assert slug in slugs(query, hub)[:3]


GREEK = {
    "how-to-cancel": ("Πώς ακυρώνω τη συνδρομή;", "Η ακύρωση γίνεται από τη σελίδα της συνδρομής."),
    "find-invoices": ("Πού βρίσκω τα τιμολόγια;", "Όλα τα τιμολόγια είναι στο ιστορικό."),
    "remove-a-card": ("Μπορώ να αφαιρέσω μια κάρτα;", "Ναι, εκτός από την τελευταία."),
}


@pytest.fixture
def greek(hub):
    """Three articles in Greek alone, so that the test is about the language, not about the texts of the day."""
    ArticleText.objects.filter(language="el").delete()
    for slug, (question, body) in GREEK.items():
        words = {"question": question, "body": body, "source_hash": "x", "updated_at": make.NOW}
        ArticleText.objects.create(article=Article.objects.get(slug=slug), language="el", **words)
    index("el")
    return hub


@pytest.mark.parametrize(
    ("query", "slug"),
    [
        ("ακύρωση συνδρομής", "how-to-cancel"),
        ("ΑΚΥΡΩΣΗ", "how-to-cancel"),
        ("ακυρωσω", "how-to-cancel"),
        ("akirosi", "how-to-cancel"),
        ("pos akyrono sindromi", "how-to-cancel"),
        ("timologia", "find-invoices"),
        ("που ειναι το τιμολογιο μου", "find-invoices"),
        ("karta", "remove-a-card"),
    ],
)
def test_H2_greek_is_found_in_any_form_without_accents_and_in_latin_letters(greek, query, slug):
    with translation.override("el"):
        found = search(query, language="el", market=greek)
    assert found[0].text.article.slug == slug


def test_H2_the_passage_marks_what_matched(hub):
    found = search("withdrawal receipt", language="en", market=hub, most=1)[0]
    assert any(part.is_match for part in found.passage)
    assert "{{" not in "".join(part.words for part in found.passage)


@pytest.mark.parametrize("query", ["xyzzyqwv", "!!", "", "   "])
def test_what_nobody_wrote_about_is_not_found(hub, query):
    assert slugs(query, hub) == []


def test_a_question_of_empty_words_is_searched_for_as_it_is(hub):
    assert isinstance(slugs("how do i", hub), list)


def test_only_the_beginning_of_a_long_query_is_read(hub):
    assert slugs("refund " + "x" * LONGEST_QUERY + " invoice", hub) == slugs("refund " + "x" * LONGEST_QUERY, hub)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("question,language\nx,en\n", "the columns are"),
        ("question,language,answer_has\nx,xx,y\n", "line 2: 'xx' is no language"),
        ("question,language,answer_has\nx,en,(\n", "line 2"),
    ],
)
def test_a_faulty_file_of_questions_is_named(hub, tmp_path, text, sentence):
    file = tmp_path / "questions.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(CommandError, match=sentence):
        evaluated(file)


def test_a_file_that_is_not_there_is_named(hub, tmp_path):
    with pytest.raises(CommandError, match=r"nothing\.csv"):
        evaluated(tmp_path / "nothing.csv")


def test_a_question_without_its_answer_is_missed(hub, tmp_path):
    file = tmp_path / "questions.csv"
    file.write_text("question,language,answer_has\nrefund,en,zeppelin\n", encoding="utf-8")
    assert evaluated(file) == {"questions": 1, "first": 0.0, "first_three": 0.0, "missed": ["refund"]}
