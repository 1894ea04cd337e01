"""A4: dealers come from a file, are found by name, town and postcode, and one of them is preferred."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actions.dealers import prefer_dealer
from accounts.dealers import search, towns_of
from accounts.models import Dealer, Town
from portal.models import AuditRecord, Market
from portal.refusals import Refusal
from tests import make
from tests.meta.test_layout import ROOT
from tests.support.cases import centre

FILE = ROOT / "portal" / "data" / "lexus_cy" / "dealers.yaml"
# A Wednesday, 12:00 in Nicosia.
NOON = datetime(2026, 6, 10, 9, 0, tzinfo=UTC)


@pytest.fixture
def loaded(market):
    call_command("load_dealers", str(FILE), verbosity=0)
    return market


@pytest.fixture
def changed(tmp_path):
    """The file with other words in it."""

    def written(*changes):
        text = FILE.read_text()
        for old, new in changes:
            assert old in text
            text = text.replace(old, new, 1)
        path = tmp_path / "dealers.yaml"
        path.write_text(text)
        return str(path)

    return written


@pytest.fixture
def signed_in(client, owner):
    client.force_login(owner)
    return client


def found(market, typed="", near="", now=NOON):
    return search(market, towns=towns_of(market), typed=typed, near=near, now=now)


def codes(market, typed="", near=""):
    return [each.dealer.code for each in found(market, typed, near).found]


# The file


def test_the_sample_dealers_are_loaded_and_the_same_file_changes_nothing(market, capsys):
    call_command("load_dealers", str(FILE))
    call_command("load_dealers", str(FILE))
    first, second = capsys.readouterr().out.splitlines()
    assert first == "Dealers: 6 created, 0 changed, 0 unchanged, 0 inactive"
    assert second == "Dealers: 0 created, 0 changed, 6 unchanged, 0 inactive"


def test_a_dealer_that_the_file_does_not_name_becomes_inactive_and_comes_back(loaded, changed, capsys):
    without = changed(("code: sample-paralimni\n", "code: another\n"))
    call_command("load_dealers", without)
    assert capsys.readouterr().out == "Dealers: 1 created, 0 changed, 5 unchanged, 1 inactive\n"
    assert not Dealer.objects.get(code="sample-paralimni").is_active
    call_command("load_dealers", str(FILE))
    assert Dealer.objects.get(code="sample-paralimni").is_active


def test_a_changed_dealer_keeps_its_public_id(loaded, changed):
    before = Dealer.objects.get(code="sample-paphos").public_id
    call_command("load_dealers", changed(("+357 26 000155", "+357 26 000199")))
    after = Dealer.objects.get(code="sample-paphos")
    assert (after.public_id, after.telephone) == (before, "+357 26 000199")


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("market: CY", "market: ZZ", r"line \d+: market is 'ZZ', and there is no such market"),
        ("    town: larnaca", "    town: kyrenia", r"line \d+: dealers\[4\].town is 'kyrenia', which is none"),
        ('latitude: "34.9256"', 'latitude: "134.9"', r"line \d+: dealers\[4\].latitude is '134.9'"),
        ('latitude: "34.9256"', 'latitude: "north"', r"latitude is 'north'"),
        ("telephone: +357 24 000144", "telephone: call us", r"dealers\[4\].telephone is 'call us'"),
        ("https://www.example.com/larnaca", "javascript:alert(1)", r"website is 'javascript:alert\(1\)'"),
        ("code: sample-larnaca", "code: sample-paphos", r"dealers\[5\].code sample-paphos stands there twice"),
        ("services: [sales, service, parts]", "services: [coffee]", r"services has coffee; known are sales"),
        ('opens: "08:00", closes: "13:00"', 'opens: "14:00", closes: "13:00"', r"dealers\[6\].openings cannot be"),
        ('"2026-12-25"', '"Christmas"', r"dealers\[1\].openings cannot be"),
        ("    postcode:", "    zip:", r"dealers\[1\].postcode is missing"),
    ],
)
def test_faults_in_the_file_are_said_with_their_line_and_nothing_is_loaded(market, changed, old, new, complaint):
    with pytest.raises(CommandError, match=complaint):
        call_command("load_dealers", changed((old, new)))
    assert not Dealer.objects.exists()
    assert not Town.objects.exists()


# Finding


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Paphos", ["sample-paphos"]),
        ("paph", ["sample-paphos"]),
        ("ΠΑΦΟΣ", ["sample-paphos"]),
        ("παφος", ["sample-paphos"]),
        ("Λεμεσός", ["sample-limassol"]),
        ("Motors larn", ["sample-larnaca"]),
        ("service west", ["sample-nicosia-west"]),
        ("5281", None),
        ("Frankfurt", []),
        ("' OR 1=1 --", []),
    ],
)
def test_a4_a_dealer_is_found_by_name_and_town_in_either_script(loaded, typed, expected):
    assert codes(loaded, typed) == (expected if expected is not None else codes(loaded, near="paralimni"))


@pytest.mark.parametrize(
    ("typed", "nearest"),
    [("6051", "sample-larnaca"), ("4103", "sample-limassol"), ("8820", "sample-paphos"), ("5330", "sample-paralimni")],
)
def test_a4_a_postcode_says_where_somebody_is(loaded, typed, nearest):
    assert codes(loaded, typed)[0] == nearest
    assert len(codes(loaded, typed)) == 6


def test_a4_distances_are_told_from_the_chosen_town_and_the_nearest_comes_first(loaded):
    result = found(loaded, near="limassol")
    kilometres = [each.km for each in result.found]
    assert kilometres == sorted(kilometres)
    assert (result.origin.name, result.found[0].dealer.code) == ("Limassol", "sample-limassol")
    assert kilometres[0] == pytest.approx(3.9, abs=0.2)


def test_a4_a_town_without_a_dealer_shows_the_nearest_instead(loaded):
    result = found(loaded, "Agros")
    assert result.is_nearest_instead
    assert result.found[0].dealer.code == "sample-limassol"


def test_a4_a_name_that_is_nowhere_is_not_found_near_a_town_either(loaded):
    assert codes(loaded, "Frankfurt", near="paphos") == []
    assert codes(loaded, "Nicosia", near="paphos") == ["sample-nicosia-west", "sample-nicosia"]


def test_without_a_town_nothing_is_said_of_distance(loaded):
    result = found(loaded)
    assert (result.origin, {each.km for each in result.found}) == (None, {None})


def test_a4_each_says_whether_it_is_open_now(loaded):
    siesta = datetime(2026, 6, 11, 11, 0, tzinfo=UTC)
    by_code = {each.dealer.code: each for each in found(loaded, now=siesta).found}
    assert (by_code["sample-paphos"].is_open, by_code["sample-paralimni"].is_open) == (True, False)
    assert by_code["sample-paralimni"].open_sentence == "Closed now, opens today at 14:30"


def test_dealers_of_other_markets_and_inactive_ones_are_not_found(loaded):
    Dealer.objects.filter(code="sample-paphos").update(is_active=False)
    other = Market.objects.get()
    other.pk, other.code, other.is_default = None, "GR", False
    other.save()
    assert "sample-paphos" not in codes(loaded)
    assert codes(other) == []


# The pages


def test_a4_the_page_lists_and_draws_what_was_found(signed_in, loaded):
    page = signed_in.get(reverse("dealers"), {"q": "Nicosia"}).content.decode()
    assert "Sample Service West" in page
    assert "Sample Motors Paphos" not in page
    assert page.count('class="map__place"') == 2


@pytest.mark.parametrize(
    "asked", [{"q": "x" * 61}, {"near": "atlantis"}, {"q": "\x00"}, {"q": "4242 4242 4242 4242"}, {"q": "%_"}]
)
def test_bad_input_gets_an_answer_and_a_list(signed_in, loaded, asked):
    answer = signed_in.get(reverse("dealers"), asked)
    assert answer.status_code == 200
    assert "4242 4242" not in answer.content.decode()


def test_a_list_takes_the_same_queries_for_few_and_for_many(signed_in, loaded, owner):
    with CaptureQueriesContext(connection) as few:
        signed_in.get(reverse("dealers"), {"q": "Paphos"})
    for number in range(30):
        make.dealer(loaded, code=f"more-{number}", town=Town.objects.get(code="nicosia"))
    with CaptureQueriesContext(connection) as many:
        page = signed_in.get(reverse("dealers"), {"near": "paphos"}).content.decode()
    assert len(many) == len(few)
    assert "16 more were found" in page


def test_a4_what_is_not_found_leads_to_a_message_that_is_written_already(signed_in, loaded):
    page = signed_in.get(reverse("dealers"), {"q": "Ormidia & sons"}).content.decode()
    assert "No dealer was found" in page
    centre(loaded)
    link = reverse("case_new") + "?dealer=Ormidia%20%26%20sons"
    assert link in page
    contact = signed_in.get(link).content.decode()
    assert "My dealer is not in the list" in contact
    assert 'value="service-maintenance" selected' in contact
    assert "I looked for “Ormidia &amp; sons”" in contact


def test_a_forged_message_is_one_line_of_bounded_length(signed_in, loaded):
    contact = signed_in.get(reverse("case_new"), {"dealer": "a\r\nBcc: x@example.com" + "y" * 500}).text
    assert "“a Bcc: x@example.com" in contact
    assert "y" * 100 not in contact.split("<form")[1]


def test_a4_a_dealer_is_chosen_shown_and_left(signed_in, owner, loaded):
    row = Dealer.objects.get(code="sample-paphos")
    signed_in.post(reverse("preferred_dealer", args=[row.public_id]))
    for name in ("account", "profile"):
        page = signed_in.get(reverse(name)).content.decode()
        assert row.name in page
        assert 'href="tel:+35726000155"' in page
    assert "Your preferred dealer" in signed_in.get(reverse("dealers")).content.decode()
    signed_in.post(reverse("no_preferred_dealer"))
    assert row.name not in signed_in.get(reverse("account")).content.decode()
    kept = AuditRecord.objects.filter(account=owner, what="dealer_preferred").order_by("id")
    assert [record.data["dealer"] for record in kept] == ["sample-paphos", ""]


def test_choosing_the_same_again_changes_nothing(owner, loaded):
    row = Dealer.objects.get(code="sample-paphos")
    for _ in range(2):
        prefer_dealer(account=owner, dealer=row, now=NOON, by=owner)
    assert AuditRecord.objects.filter(what="dealer_preferred").count() == 1


def test_a_dealer_that_left_the_list_is_not_chosen_and_stays_shown_where_it_was(signed_in, owner, loaded):
    row = Dealer.objects.get(code="sample-paphos")
    prefer_dealer(account=owner, dealer=row, now=NOON, by=owner)
    Dealer.objects.filter(pk=row.pk).update(is_active=False)
    assert "not in our list any more" in signed_in.get(reverse("account")).content.decode()
    assert signed_in.post(reverse("preferred_dealer", args=[row.public_id])).status_code == 404
    with pytest.raises(Refusal) as refusal:
        prefer_dealer(account=owner, dealer=row, now=NOON, by=owner)
    assert refusal.value.code == "dealer_unknown"


def test_a4_the_dealers_page_says_its_hours_and_what_it_does(signed_in, loaded):
    row = Dealer.objects.get(code="sample-paralimni")
    with time_machine.travel(NOON, tick=False):
        page = signed_in.get(reverse("dealer", args=[row.public_id])).content.decode()
    assert "08:00 to 13:00, 14:30 to 17:30" in page
    assert "Service and repairs" in page
    assert "Closed now" in page
