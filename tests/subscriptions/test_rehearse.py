"""Stories with their ledgers, reasoned out by hand from the rules, and the command that plays them."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from portal.models import VatRate
from subscriptions.gateway.sandbox.in_process import InProcessGateway
from subscriptions.gateway.sandbox.provider import SandboxProvider
from subscriptions.rehearsal.cast import RETURN_ORIGIN
from subscriptions.rehearsal.ledger import Line
from subscriptions.rehearsal.play import play
from subscriptions.rehearsal.story import Story, read_story
from tests import make
from tests.clean_ledger import _the_ledger_adds_up  # noqa: F401  (for every test here)
from tests.standing import gateway_like
from tests.stories.following import Follower, RecordingClock
from tests.valid_documents import _documents_keep_the_rules  # noqa: F401  (for every test here)

STORIES = sorted((Path(__file__).parents[1] / "stories").glob("*.yaml"))
FIRST = next(path for path in STORIES if path.stem == "yearly_cancelled")
TODAY = make.NOW.date()


@pytest.fixture
def play_here(market):
    """Plays a story in the test's own database, provider and clock, and leaves there what came of it."""

    def played(story: Story) -> tuple[list[Line], RecordingClock]:
        clock = RecordingClock(story)
        provider = SandboxProvider(clock=clock, return_origins=[RETURN_ORIGIN])
        try:
            return clock.record(play([story], gateway=InProcessGateway(provider), clock=clock)), clock
        finally:
            provider.close()

    return played


def rehearse(*arguments: str | Path) -> str:
    out = StringIO()
    call_command("rehearse", *map(str, arguments), stdout=out)
    return out.getvalue()


def rows() -> dict[str, int]:
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_the_ledger_is_the_one_that_the_rules_give(path, play_here):
    """As somebody wrote it by hand, and as whoever follows the rules line by line expects it."""
    story = read_story(path, today=TODAY)
    ledger, clock = play_here(story)
    expected = [json.loads(line) for line in path.with_suffix(".jsonl").read_text().splitlines()]
    with_notices = any(line["what"] == "notice" for line in expected)
    assert [line for line in ledger if with_notices or line["what"] != "notice"] == expected
    Follower(story).follow(clock.moments)


def test_skipping_idle_days_changes_nothing(market, clock, tmp_path):
    """Where a run is followed up in the next one. Without jobs from the beginning on: that year has no days to skip."""
    story_file = tmp_path / "story.yaml"
    text = FIRST.with_stem("told_the_next_morning").read_text()
    story_file.write_text(text.replace("on: 2025-01-02, do: jobs stop", "on: 2024-01-11, do: jobs stop"))
    story = read_story(story_file, today=TODAY)
    skipped, every_day = (_played_and_undone(story, clock, skips_idle_days=skips) for skips in (True, False))
    assert skipped == every_day
    assert {"notice"} < {line["what"] for line in skipped}


def _played_and_undone(story, clock, **how):
    """With a provider of its own: what is undone here would be charges that the database has lost."""
    before = transaction.savepoint()
    with gateway_like(None, clock=clock) as gateway:
        ledger = list(play([story], gateway=gateway, clock=clock, **how))
    transaction.savepoint_rollback(before)
    return ledger


@pytest.mark.django_db(transaction=True)
def test_the_command_prints_the_ledger_and_leaves_the_live_database_alone(settings):
    """Outside tests too, where a database that does not keep what it commits is not charged by."""
    settings.COMMITS_MUST_LAST = True
    make.market()
    before = rows()
    assert rehearse(FIRST, "--no-notices") == FIRST.with_suffix(".jsonl").read_text()
    assert rows() == before


@pytest.mark.django_db(transaction=True)
def test_several_stories_start_from_nothing_and_are_told_apart():
    make.market()
    lines = [json.loads(line) for line in rehearse(FIRST, FIRST.with_stem("month_end"), "--no-notices").splitlines()]
    assert {line["story"] for line in lines} == {"yearly_cancelled", "month_end"}
    firsts = [line["number"] for line in lines if line["what"] == "invoice" and line["number"].endswith("000001")]
    assert firsts == ["CY-2024-000001"] * 2


@pytest.mark.django_db(transaction=True)
def test_I3_a_rehearsal_reckons_with_the_rates_that_are_kept():
    make.market()
    VatRate.objects.create(country="CY", valid_from=TODAY.replace(year=2000), rate=5)
    invoices = [line for line in map(json.loads, rehearse(FIRST).splitlines()) if line["what"] == "invoice"]
    assert [(line["gross"], line["net"], line["vat"]) for line in invoices] == [("99.00", "94.29", "4.71")]


@pytest.mark.django_db(transaction=True)
def test_the_pretty_ledger_is_for_people():
    make.market()
    assert "2024-05-30  cancelled     package navigation  ends_on 2024-06-10  refund 66.00" in rehearse(
        FIRST, "--pretty"
    )


@pytest.mark.django_db(transaction=True)
def test_where_no_scratch_database_can_be_made_nothing_is_played():
    make.market()
    with connection.cursor() as cursor:
        cursor.execute("DROP ROLE IF EXISTS makes_no_databases")
        cursor.execute("CREATE ROLE makes_no_databases")
    options = connection.settings_dict["OPTIONS"]
    connection.settings_dict["OPTIONS"] = options | {"options": "-c role=makes_no_databases"}
    try:
        with pytest.raises(CommandError, match="No scratch database can be made here, so nothing was played"):
            rehearse(FIRST)
    finally:
        connection.settings_dict["OPTIONS"] = options


BEGINNING = """\
market: CY
until: 2024-07-31
packages:
  navigation: {trial: true, prices: {monthly: "9.90"}}
story:
  - {on: 2024-01-10, do: add card, card: gold, brand: visa}
"""


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{on: 2024-01-11, do: subscribe, package: navi, term: monthly}", "no package is called 'navi'; .*navigation"),
        ("{on: 2024-01-11, do: subscribe, package: navigation, term: weekly}", "unknown word 'weekly'; .*four-yearly"),
        ("{on: 2024-01-11, do: order, package: navigation}", "unknown word 'order'; expected one of: activate"),
        ("{on: 2024-01-11, do: cancel, packet: navigation}", "missing: package"),
        ("{on: 2024-01-11, do: cancel, package: navigation, why: no}", "unknown key 'why'; expected one of: do, on"),
        ("{on: 2024-01-11, do: make primary, card: silver}", "no card is called 'silver'; expected one of: gold"),
        ("{on: 2024-01-11, do: card behaves, card: gold, behaves: badly}", "unknown word 'badly'; .*stolen"),
        ("{on: 2024-01-11, do: refund behaves, card: gold, behaves: stolen}", "expected one of: ok, rejected"),
        ("{on: 2024-01-11, do: add card, card: red, brand: visa, expires: 2024-13}", "not a month such as 2027-05"),
        ("{on: 2024-01-09, do: cancel, package: navigation}", "2024-01-09 is out of order, or after `until`"),
        ("{on: 2024-08-01, do: cancel, package: navigation}", r"out of order, or after `until` \(2024-07-31\)"),
        ("{on: 2024-02-30, do: cancel, package: navigation}", "'2024-02-30' is not a date such as 2024-01-10"),
        ("{on: 2024-02-20, do: jobs stop, until: 2024-02-20}", "`until` must come after `on`"),
        ("{on: 2024-02-20, do: cancel, do: withdraw, package: navigation}", "'do' stands there twice"),
        ("{on: 2024-1-11, do: cancel, package: navigation}", "'2024-1-11' is not a date"),
        ("{on: 2024-W03-4, do: cancel, package: navigation}", "'2024-W03-4' is not a date"),
        ("{on: 2024-01-11, do: cancel, package: [navigation]}", "a word is expected here"),
        ("{on: 2024-01-11, do: add card, card: red, brand: visa, expires: 2100-01}", "not a month such as 2027-05"),
        ("{on: 2024-01-11, do: opt in, notices: [early, late]}", "unknown word 'late'"),
        ("cancel", "keys with values are expected here"),
    ],
)
@pytest.mark.django_db
def test_a_mistake_of_writing_is_said_with_its_line_before_anything_is_played(line, complaint, tmp_path, market):
    path = tmp_path / "story.yaml"
    path.write_text(f"{BEGINNING}  - {line}\n")
    with pytest.raises(CommandError, match=f"story.yaml, line 7: .*{complaint}"):
        rehearse(path)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("market: CY", "market: XX", "no market is called 'XX'"),
        ("market: CY\n", "", "line 1: missing: market"),
        ('"9.90"', '"9.9"', "'9.9' is not a price such as \"9.90\""),
        ('"9.90"', '"-1.00"', "is not a price"),
        ("monthly:", "weekly:", "unknown key 'weekly'; expected one of: four-yearly, monthly, yearly"),
        ("trial: true", "trial: maybe", "unknown word 'maybe'; expected one of: false, true"),
        ("trial: true", "needs: wifi", "needs 'wifi', which is no package of this story"),
        ("trial: true", "needs: navigation", "needs 'navigation', which is itself or an addition"),
        ('"9.90"', '"NaN"', "is not a price"),
        ('"9.90"', '"1000000.00"', "is not a price"),
        ("trial: true", "complimentary_months: {MM21: many}", "'many' is not a whole number"),
        ("story:", "vehicle: {multimedia: MM21-of-the-year}\nstory:", "is longer than 12 characters"),
        ('  navigation: {trial: true, prices: {monthly: "9.90"}}\n', "", "keys with values are expected here"),
        ("story:", "vehicle: {powertrain: steam}\nstory:", "unknown word 'steam'; .*plug-in"),
        ("story:", "story: {}\nmore:", "unknown key 'more'"),
        ("market: CY", "market: [", "cannot be read as YAML"),
    ],
)
def test_a_mistake_in_the_heading_is_said_too(old, new, complaint, tmp_path, market):
    path = tmp_path / "story.yaml"
    path.write_text(BEGINNING.replace(old, new, 1))
    with pytest.raises(CommandError, match=complaint):
        rehearse(path)


@pytest.mark.parametrize(("market_code", "package"), [("XX", "navigation"), ("CY", "navi")])
@pytest.mark.django_db
def test_a_story_on_the_catalogue_names_what_is_there(market_code, package, navigation, tmp_path):
    path = tmp_path / "story.yaml"
    act = f"{{on: 2024-01-10, do: activate, package: {package}}}"
    path.write_text(f"market: {market_code}\nuntil: 2024-01-10\nstory:\n  - {act}\n")
    with pytest.raises(
        CommandError, match=r"line [14]: no (market|package) is called .*expected one of: (CY|navigation)"
    ):
        rehearse(path)


def test_a_story_without_events_is_refused(tmp_path, market):
    path = tmp_path / "story.yaml"
    path.write_text("market: CY\nuntil: 2024-01-10\nstory: []\n")
    with pytest.raises(CommandError, match="line 3: a list of events is expected"):
        rehearse(path)


def test_dates_may_be_relative_to_today(tmp_path):
    path = tmp_path / "story.yaml"
    path.write_text(BEGINNING.replace("2024-07-31", "today").replace("2024-01-10", "today-1d-2m"))
    story = read_story(path, today=TODAY)
    assert (story.until, story.starts_on) == (TODAY, TODAY.replace(month=4, day=9))


@pytest.mark.parametrize("word", ["yes", "True", "on", "true"])
def test_a_yes_may_be_written_as_yaml_has_it(word, tmp_path):
    path = tmp_path / "story.yaml"
    path.write_text(BEGINNING.replace("trial: true", f"trial: {word}"))
    assert read_story(path, today=TODAY).packages["navigation"].trial is True
