"""Consents: given and withdrawn at any time, each change a row for ever, with the words that were shown (D1)."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.actions.consents import change_consent
from accounts.consents import has_consent, states_of
from accounts.models import ConsentChange, ConsentWording
from accounts.rules.consents import Purpose, fingerprint
from portal.models import AuditRecord
from tests import make
from tests.refusing import assert_append_only, refusal_code

DATA = Path(__file__).parents[2] / "portal" / "data" / "lexus_cy"
DRIVING = Purpose.DRIVING


@pytest.fixture
def wordings(market):
    return make.consent_wordings(market)


@pytest.fixture
def signed_in(client, owner, wordings):
    client.force_login(owner)
    with time_machine.travel(make.NOW, tick=False):
        yield client


def change(owner, wording, *, is_given=True, now=make.NOW, language="en"):
    return change_consent(
        account=owner, wording=wording, is_given=is_given, channel="portal", language=language, now=now, by=owner
    )


def press(client, choice, *, version="2024-01", purpose=DRIVING):
    return client.post(reverse("consent", args=[purpose]), {"choice": choice, "version": version}, follow=True)


def test_D1_a_consent_is_given_and_withdrawn_and_both_stay_on_record(owner, wordings):
    change(owner, wordings[DRIVING])
    assert has_consent(owner, DRIVING)
    change(owner, wordings[DRIVING], is_given=False, now=make.NOW + make.days(1))
    assert not has_consent(owner, DRIVING)
    rows = list(ConsentChange.objects.filter(account=owner).values_list("number", "is_given", "channel"))
    assert rows == [(1, True, "portal"), (2, False, "portal")]
    assert AuditRecord.objects.filter(what__startswith="consent ", account=owner).count() == 2


def test_D1_the_words_that_were_shown_are_kept_with_their_fingerprint(owner, wordings):
    row = change(owner, wordings[DRIVING], language="el")
    assert (row.shown, row.language) == (wordings[DRIVING].shown_in("el"), "el")
    assert "Μπορούμε driving_analytics." in row.shown
    assert "Όχι άλλο driving_analytics." in row.shown
    assert row.shown_sha256 == fingerprint(row.shown)


def test_D1_no_change_can_be_changed_or_deleted(owner, wordings):
    assert_append_only(change(owner, wordings[DRIVING]))


def test_D1_the_database_refuses_to_give_twice_in_a_row(owner, wordings):
    row = change(owner, wordings[DRIVING])
    row.pk, row.number = None, 2
    with pytest.raises(IntegrityError, match="consent_given_and_withdrawn_in_turn"), transaction.atomic():
        row.save(force_insert=True)


def test_D1_the_same_button_twice_is_one_change(signed_in, owner):
    press(signed_in, "give")
    press(signed_in, "give")
    assert ConsentChange.objects.filter(account=owner).count() == 1


def test_D1_nothing_is_withdrawn_that_was_not_given(owner, wordings):
    assert change(owner, wordings[DRIVING], is_given=False) is None
    assert not ConsentChange.objects.exists()


def test_D1_a_purpose_says_nothing_of_another_one_or_of_somebody_else(owner, stranger, wordings):
    change(owner, wordings[DRIVING])
    assert not has_consent(owner, Purpose.MARKETING)
    assert not has_consent(stranger, DRIVING)


def test_D1_the_page_shows_each_purpose_with_its_text_effects_and_state(signed_in, owner, wordings):
    change(owner, wordings[DRIVING])
    page = signed_in.get(reverse("privacy"))
    for wording in wordings.values():
        assert wording.text in page.text
        assert wording.effect_of_giving in page.text
        assert wording.effect_of_withdrawing in page.text
    assert (page.text.count('value="withdraw"'), page.text.count('value="give"')) == (1, 4)
    assert "since 10 June 2026" in page.text


def test_D1_each_purpose_has_a_button_that_does_what_it_says(signed_in, owner):
    for purpose in Purpose:
        assert "You agree to" in press(signed_in, "give", purpose=purpose).text
    assert all(state.is_given for state in states_of(owner).values())
    assert "withdrawn your consent" in press(signed_in, "withdraw").text
    assert not has_consent(owner, DRIVING)


def test_D1_nobody_agrees_to_words_that_were_not_the_ones_on_the_page(signed_in, owner, wordings):
    newer = ConsentWording.objects.get(pk=wordings[DRIVING].pk)
    newer.pk, newer.version, newer.effective_at = None, "2026-06", datetime(2026, 6, 1, tzinfo=UTC)
    newer.save()
    assert "worded anew" in press(signed_in, "give").text
    assert not has_consent(owner, DRIVING)
    press(signed_in, "give", version="2026-06")
    assert has_consent(owner, DRIVING)


def test_D1_sixty_changes_an_hour_are_enough(signed_in, owner):
    for nth in range(61):
        page = press(signed_in, "withdraw" if nth % 2 else "give")
    assert "Too many tries" in page.text
    assert ConsentChange.objects.filter(account=owner).count() == 60


def test_D1_what_was_agreed_to_in_older_words_can_be_withdrawn(owner, wordings):
    change(owner, wordings[DRIVING])
    wordings[DRIVING].effective_at = make.NOW + make.days(900)
    wordings[DRIVING].save(update_fields=["effective_at"])
    assert refusal_code(change, owner=owner, wording=wordings[DRIVING]) == "wording_not_current"
    change(owner, wordings[DRIVING], is_given=False)
    assert not has_consent(owner, DRIVING)


@pytest.mark.parametrize(("purpose", "version"), [("everything", "2024-01"), (DRIVING, "1999"), (DRIVING, "\x00")])
def test_D1_what_is_not_asked_for_is_not_found(signed_in, purpose, version):
    page = signed_in.post(reverse("consent", args=[purpose]), {"choice": "give", "version": version})
    assert page.status_code == 404


def test_D1_the_history_shows_every_change_with_its_words(signed_in, owner, wordings):
    change(owner, wordings[DRIVING])
    change(owner, wordings[DRIVING], is_given=False, now=make.NOW + make.days(1))
    page = signed_in.get(reverse("consent_history"))
    assert "Given: About driving_analytics" in page.text
    assert "Withdrawn: About driving_analytics" in page.text
    assert "We may do driving_analytics." in page.text


def test_the_pages_ask_the_database_as_often_however_long_they_are(
    signed_in, owner, wordings, django_assert_max_num_queries
):
    for nth in range(12):
        change(owner, wordings[DRIVING], is_given=nth % 2 == 0)
    for page in ("privacy", "consent_history", "accesses"):
        with django_assert_max_num_queries(10):
            signed_in.get(reverse(page))


# The data file


def test_D1_the_file_is_loaded_and_again_without_change(market, capsys):
    call_command("load_consents", DATA / "consents.yaml")
    call_command("load_consents", DATA / "consents.yaml")
    assert set(ConsentWording.objects.values_list("purpose", flat=True)) == set(Purpose)
    assert capsys.readouterr().out.count("unchanged") == len(Purpose)


def test_D1_words_that_customers_answered_cannot_be_changed_by_the_file(market, owner, tmp_path):
    call_command("load_consents", DATA / "consents.yaml", verbosity=0)
    change(owner, ConsentWording.objects.get(purpose=DRIVING))
    other = tmp_path / "consents.yaml"
    other.write_text((DATA / "consents.yaml").read_text().replace("No new trips are kept.", "All trips are kept."))
    with pytest.raises(CommandError, match="answered by customers"):
        call_command("load_consents", other)


def test_D1_an_unanswered_wording_is_mended_and_an_unknown_purpose_is_refused(market, tmp_path, capsys):
    call_command("load_consents", DATA / "consents.yaml", verbosity=0)
    other = tmp_path / "consents.yaml"
    text = (DATA / "consents.yaml").read_text()
    other.write_text(text.replace("No new trips are kept.", "New trips are not kept."))
    call_command("load_consents", other)
    assert "driving_analytics 2024-01: changed" in capsys.readouterr().out
    other.write_text(text.replace("purpose: marketing", "purpose: astrology"))
    with pytest.raises(CommandError, match="'astrology'; known are marketing"):
        call_command("load_consents", other)
