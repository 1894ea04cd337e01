"""Editors say which words mean the same, and search knows it at once; the file leaves their words alone (H2)."""

import pytest
from django.urls import reverse

from portal.models import AuditRecord
from support.actions.same_words import load_same_words
from support.finding.search import search
from support.models import SameWords

WORDS = {"language": "en", "kind": "same", "written": "zeppelin, invoice"}


def add(client, **words):
    return client.post(reverse("admin:support_samewords_add"), WORDS | words)


def first(query, market):
    return next((found.shown.slug for found in search(query, language="en", market=market)), None)


def test_H2_an_editors_words_are_known_at_once_and_on_record(admin_client, hub):
    assert first("zeppelin", hub) is None
    assert add(admin_client).status_code == 302
    assert first("zeppelin", hub) == first("invoice", hub)
    assert AuditRecord.objects.get(what="same_words_changed").data == {"before": None}


def test_H2_changed_words_stay_when_the_file_is_loaded_again(admin_client, hub):
    row = SameWords.objects.get(language="en", words__contains=["bill", "invoice"])
    address = reverse("admin:support_samewords_change", args=[row.pk])
    assert b"receipt" in admin_client.get(address).content
    admin_client.post(address, WORDS)
    load_same_words("en")
    row.refresh_from_db()
    assert row.words == ["zeppelin", "invoice"]
    assert AuditRecord.objects.get(what="same_words_changed").data["before"]["words"][0] == "bill"


def test_H2_loading_again_changes_nothing_and_takes_away_what_the_file_lacks(hub):
    there = set(SameWords.objects.values_list("pk", "line"))
    SameWords.objects.create(language="el", words=["παλιά"], line="παλιά")
    for language in ("en", "el"):
        load_same_words(language)
    assert set(SameWords.objects.values_list("pk", "line")) == there


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"written": "x" * 61}, "At most 40 words of 60 characters."),
        ({"written": " ".join("x" * length for length in range(1, 42))}, "At most 40 words of 60 characters."),
        ({"written": "!, ?"}, "Words are letters and digits."),
        ({"written": "4111 1111 1111 1111"}, "looks like a card number"),
        ({"language": "xx"}, "Select a valid choice"),
        ({"kind": "xx"}, "Select a valid choice"),
    ],
)
def test_bad_words_are_refused_and_nothing_changes(admin_client, hub, words, sentence):
    assert sentence in add(admin_client, **words).content.decode()
    assert not AuditRecord.objects.filter(what="same_words_changed").exists()
