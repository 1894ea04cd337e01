"""What words of a question are worth, and which find the candidates (H2)."""

import pytest

from support.rules.ranking import ASKING, ENOUGH_TEXTS, Found, Term, looked_up, rarity, terms_of, value_of

OF = 100


def found(stem, *, place=0, weight=1.0, texts=10):
    return Found(place, stem, weight, texts)


def values(*those):
    return {term.stem: term.value for term in terms_of(those, of=OF)}


def test_H2_a_rare_word_says_more():
    assert rarity(1, of=OF) > rarity(50, of=OF) > 0
    assert list(values(found("car", texts=90), found("refund", place=1))) == ["refund", "car"]


def test_H2_a_word_that_only_asks_says_little():
    assert value_of("=not", texts=10, of=OF) == ASKING * value_of("not", texts=10, of=OF)


def test_H2_what_was_not_typed_is_never_worth_more_than_what_was():
    worth = values(found("pay", texts=50), found("debit", weight=0.8, texts=1))
    assert worth["debit"] == 0.8 * worth["pay"]


def test_H2_a_stem_counts_once_for_the_word_that_it_stands_for_best():
    terms = terms_of([found("refund", weight=0.8), found("refund", place=1)], of=OF)
    assert [(term.place, term.stem) for term in terms] == [(1, "refund")]


def test_H2_a_stem_that_no_text_has_finds_nothing():
    assert values(found("zeppelin", texts=0)) == {}


@pytest.mark.parametrize(
    ("texts", "chosen"),
    [
        ((5, 10), ["a", "b"]),
        ((ENOUGH_TEXTS, 5), ["b"]),
        ((ENOUGH_TEXTS + 1, ENOUGH_TEXTS + 2), ["a"]),
    ],
)
def test_H2_the_rarest_words_find_the_candidates(texts, chosen):
    terms = [Term(place, stem, 1.0, count) for place, (stem, count) in enumerate(zip("ab", texts, strict=True))]
    assert sorted(looked_up(terms, enough=ENOUGH_TEXTS)) == chosen


def test_H2_words_that_only_ask_find_texts_where_there_are_no_others():
    asking = Term(0, "=not", 0.4, 3)
    assert looked_up([asking, Term(1, "pay", 1.0, 30)], enough=ENOUGH_TEXTS) == ["pay"]
    assert looked_up([asking], enough=ENOUGH_TEXTS) == ["=not"]
