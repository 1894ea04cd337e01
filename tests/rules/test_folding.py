"""Words are compared small and without accents; Greek in Latin letters as it sounds (H2)."""

import pytest

from support.rules.folding import fold, sound_of, words_of
from support.rules.ranking import Hit, ranked
from support.rules.synonyms import read_vocabulary


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Ακύρωση", "ακυρωση"), ("ΛΟΓΑΡΙΑΣΜΌΣ", "λογαριασμοσ"), ("λογαριασμός", "λογαριασμοσ"), ("Café", "cafe")],
)
def test_H2_accents_and_capitals_do_not_count(text, folded):
    assert fold(text) == folded


def test_H2_words_are_letters_and_digits_and_an_apostrophe_parts_none():
    assert words_of("Can't I cancel, 14-day?") == ["cant", "i", "cancel", "14", "day"]


@pytest.mark.parametrize(
    ("greek", "latin"),
    [
        ("ακύρωση", "akirosi"),
        ("ακύρωση", "akyrwsh"),
        ("αυτοκίνητο", "autokinito"),
        ("αυτοκίνητο", "aftokinito"),
        ("χρέωση", "xreosi"),
        ("χρέωση", "chreosi"),
        ("κάρτα", "karta"),
        ("συνδρομή", "sindromi"),
        ("συνδρομή", "syndromh"),
        ("επιστροφή", "epistrofi"),
        ("λογαριασμός", "logariasmos"),
        ("θέση", "thesi"),
        ("πληρωμή", "plhrwmh"),
        ("εγγύηση", "eggyisi"),
    ],
)
def test_H2_greek_in_latin_letters_sounds_alike(greek, latin):
    assert sound_of(fold(greek)) == sound_of(fold(latin))


def test_H2_the_vocabulary_is_read_line_by_line():
    read = read_vocabulary("# words\n- how do\nbill, Invoice\ninvoice, receipt\n\n")
    assert read.empty == {"how", "do"}
    assert read.same["invoice"] == {"bill", "invoice", "receipt"}
    assert read.same["bill"] == {"bill", "invoice"}


def hit(text, *, place=0, weight=1.0, question=False, keywords=False, body=0.0, length=4):
    return Hit(place, text, weight, question, keywords, body, length)


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (hit(2, question=True), hit(1, keywords=True)),
        (hit(2, keywords=True), hit(1, body=1.0)),
        (hit(2, question=True, length=3), hit(1, question=True, length=9)),
        (hit(2, question=True), hit(1, question=True, weight=0.8)),
    ],
)
def test_H2_a_text_ranks_by_where_the_word_stands(better, worse):
    assert ranked([worse, better], texts=10) == [2, 1]


def test_H2_a_rare_word_counts_more_and_each_word_once():
    common = [hit(text, place=0, question=True) for text in (1, 2, 3, 4)]
    assert ranked([*common, *common, hit(5, place=1, question=True)], texts=5)[0] == 5
