"""Words are compared small and without accents; Greek in Latin letters as it sounds (H2)."""

import pytest

from portal.folding import fold, near_of, sound_of, sounds_of, words_of
from support.rules.synonyms import Line, asking_stem, folded, read_lines


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


@pytest.mark.parametrize(
    ("latin", "greek"),
    [("xexasa", "ξέχασα"), ("duo", "δύο"), ("sundromi", "συνδρομή"), ("pou", "πού"), ("xreosi", "χρέωση")],
)
def test_H2_a_latin_letter_may_stand_for_two_greek_ones(latin, greek):
    assert sound_of(fold(greek)) in sounds_of(latin)


@pytest.mark.parametrize(
    ("typed", "meant"), [("refnud", "refund"), ("refud", "refund"), ("reffund", "refund"), ("rafund", "refund")]
)
def test_H2_words_one_typing_error_apart_share_a_neighbour(typed, meant):
    assert set(near_of(typed)) & set(near_of(meant))


@pytest.mark.parametrize(("one", "other"), [("refund", "renewal"), ("card", "cart"), ("2024", "2025"), ("car", "cat")])
def test_H2_other_words_numbers_and_short_words_are_left_as_they_are(one, other):
    is_one_apart = bool(set(near_of(one)) & set(near_of(other)))
    assert is_one_apart is ((one, other) == ("card", "cart"))


def test_H2_the_lines_of_a_file_say_what_their_words_are():
    read = read_lines("# words\n- how do\n? not, don't\nbill, Invoice\n\n")
    assert list(read.values()) == [
        Line("empty", ("how", "do")),
        Line("asking", ("not", "don't")),
        Line("same", ("bill", "Invoice")),
    ]
    assert asking_stem(["Don't", "not"]) == "=dont"
    assert folded(["e-mail", "E-Mail"]) == ["e", "mail"]
