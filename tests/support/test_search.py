"""Search finds the answer for a question asked in other words, and forgives typing errors (H2)."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from portal import near
from support.files.questions import read_questions
from support.finding.evaluating import by_language, places_of
from support.finding.indexing import index, index_text
from support.finding.search import LONGEST_QUERY, search
from support.models import Article, ArticleText, Phrasing, Word
from tests import make

HERE = Path(__file__).parent


def evaluated(file) -> dict:
    return json.loads(printed(file)[-1])


def printed(file) -> list[str]:
    out = StringIO()
    call_command("evaluate_search", str(file), stdout=out)
    return out.getvalue().splitlines()


def slugs(query, market, **options):
    return [found.shown.slug for found in search(query, language="en", market=market, **options)]


@pytest.mark.parametrize("name", ["questions.csv", "questions_tuning.csv", "questions_held_out.csv"])
def test_H2_questions_in_peoples_own_words_find_their_answers(hub, name):
    """In each language: with typing errors, without accents, in Latin letters, in other words."""
    asked = read_questions((HERE / name).read_bytes())
    places = places_of(asked, market=hub)
    assert len(asked) >= 120
    for found in by_language(asked, places).values():
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
        ("kartes", "remove-a-card"),
        ("akyrwsi sundromhs", "how-to-cancel"),
        ("ακυροση", "how-to-cancel"),
        ("ακρύωση", "how-to-cancel"),
    ],
)
def test_H2_greek_is_found_in_any_form_without_accents_and_in_latin_letters(greek, query, slug):
    with translation.override("el"):
        found = search(query, language="el", market=greek)
    assert found[0].shown.slug == slug


def test_H2_the_passage_marks_what_matched(hub):
    found = search("withdrawal receipt", language="en", market=hub, most=1)[0]
    assert any(part.is_match for part in found.passage)
    assert "{{" not in "".join(part.words for part in found.passage)


def test_H2_a_short_word_marks_no_longer_one_that_only_begins_so(hub):
    """ "Euros" is another word for a refund, and says nothing of what is European."""
    found = {each.shown.slug: each.passage for each in search("euros laundering", language="en", market=hub)}
    parts = found["refund-to-another-card"]
    assert any("European" in part.words for part in parts)
    assert not any("European" in part.words for part in parts if part.is_match)


def test_H2_a_passage_from_within_an_answer_says_so(hub):
    begins, within = (
        search(query, language="en", market=hub, most=1)[0].passage[0].words
        for query in ("what are connected services", "hey lexus voice agent")
    )
    assert not begins.startswith("…")
    assert within.startswith("… ")


@pytest.mark.parametrize("query", ["xyzzyqwv", "!!", "", "   "])
def test_what_nobody_wrote_about_is_not_found(hub, query):
    assert slugs(query, hub) == []


def test_a_question_of_empty_words_is_searched_for_as_it_is(hub):
    assert isinstance(slugs("how do i", hub), list)


def test_only_the_beginning_of_a_long_query_is_read(hub):
    assert slugs("refund " + "x" * LONGEST_QUERY + " invoice", hub) == slugs("refund " + "x" * LONGEST_QUERY, hub)


@pytest.mark.parametrize(
    ("query", "shown_in"),
    [
        ("where is my invoice please", "el"),
        ("πού είναι το τιμολόγιό μου", "en"),
        ("pou einai to timologio mou", "en"),
    ],
)
def test_H2_a_question_in_another_language_finds_the_answer_in_the_readers(hub, query, shown_in):
    found = search(query, language=shown_in, market=hub)
    assert found[0].shown.slug == "find-invoices"
    assert found[0].shown.language == shown_in


def test_H2_what_has_no_text_in_the_readers_language_is_found_in_the_other(hub):
    ArticleText.objects.filter(language="el", article__slug="find-invoices").delete()
    found = search("where is my invoice please", language="el", market=hub)
    assert found[0].shown.language == "en"


def test_H2_a_search_asks_the_database_a_fixed_number_of_times(hub, django_assert_max_num_queries):
    for query in (
        "card",
        "how do i cancle the subscripton of my wifes car and get the money back",
        "пример на русском",
    ):
        with django_assert_max_num_queries(8):
            search(query, language="en", market=hub)


def test_H2_what_is_kept_of_words_and_texts_changes_no_answer(hub, settings, django_assert_num_queries):
    """Each word of a question is known from others, where it stood last or not, well written or not."""
    questions = [each.question for each in read_questions((HERE / "questions_tuning.csv").read_bytes())][:60]
    asked = [*questions, *(question.rpartition(" ")[0] or question for question in questions)]
    anew = [search(query, language="en", market=hub) for query in asked]
    settings.PUBLIC_COPY_SECONDS = 60
    near.forget()
    try:
        assert [search(query, language="en", market=hub) for query in asked] == anew
        with django_assert_num_queries(2):
            search("how do I cancel", language="en", market=hub)
    finally:
        near.forget()


def test_H2_one_text_indexed_anew_is_as_all_indexed_anew(hub):
    text = ArticleText.objects.get(language="en", article__slug="find-invoices")
    text.question, text.keywords, text.body = "Where is the zeppelin?", ["hangar at the airfield"], "In its hangar."
    text.save(update_fields=["question", "keywords", "body"])
    index_text(text)
    by_itself = known("en")
    index("en")
    assert by_itself == known("en")


def known(language):
    stems = set(Word.objects.filter(language=language).values_list("stem", "texts"))
    phrasings = Phrasing.objects.filter(language=language, text__article__slug="find-invoices")
    lengths = {tuple(each.stems): round(each.length, 6) for each in phrasings}
    return stems, lengths


ROW = "question,language,answer_has\n"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"question,language\nx,en\n", "must name the columns question, language, answer_has"),
        (b"question;language;answer_has\nx;en;y\n", "There are semicolons"),
        (b"", "must name the columns"),
        (ROW.encode(), "there is no question in it"),
        (f"{ROW}x,xx,y\n".encode(), "line 2: 'xx' is no language of the site; they are en, el"),
        (f"{ROW}x,en,(\n".encode(), "line 2: '\\(' is no regular expression"),
        (f"{ROW}x,en\n".encode(), "line 2: question and answer_has must not be empty"),
        (f"{ROW},en,y\n".encode(), "line 2: question and answer_has must not be empty"),
        (f"{ROW}who, me,en,y\n".encode(), "line 2: too many columns"),
        (f'{ROW}"x,en,y\n'.encode(), "line 2: unexpected end of data"),
        ("question,language,answer_has\nπού,el,y\n".encode("iso-8859-7"), "the file must be UTF-8"),
        ((ROW + "x,en,y\n" * 5_001).encode(), "more than 5000 questions"),
    ],
)
def test_a_faulty_file_of_questions_is_named(tmp_path, content, sentence):
    file = tmp_path / "questions.csv"
    file.write_bytes(content)
    with pytest.raises(CommandError, match=sentence):
        evaluated(file)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(CommandError, match=r"nothing\.csv"):
        evaluated(tmp_path / "nothing.csv")


def test_without_articles_there_is_nothing_to_evaluate(market, tmp_path):
    file = tmp_path / "questions.csv"
    file.write_text(f"{ROW}refund,en,refund\n", encoding="utf-8")
    with pytest.raises(CommandError, match="There are no articles to search"):
        evaluated(file)


def test_the_last_line_printed_is_the_whole_and_lines_before_are_the_languages(hub, tmp_path):
    file = tmp_path / "questions.csv"
    rows = f"\ufeff{ROW}refund,en,zeppelin\nτιμολόγια,EL,ΤΙΜΟΛΌΓΙΑ\n"
    file.write_text(rows, encoding="utf-8")
    assert printed(file) == [
        "el: 1 questions, first 1.0, first three 1.0",
        "en: 1 questions, first 0.0, first three 0.0",
        '{"questions": 2, "first": 0.5, "first_three": 0.5, "missed": ["refund"]}',
    ]
