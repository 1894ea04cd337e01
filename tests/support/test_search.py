"""Search finds the answer for a question asked in other words, and forgives typing errors (H2)."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from support.search import LONGEST_QUERY, search

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
