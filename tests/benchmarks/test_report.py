"""An aim is met by the worse quartile; what could not be measured is said."""

from pathlib import Path

from tests.benchmarks.harness import Slice, ratios, spread
from tests.benchmarks.report import Line, Skipped, is_missed, printed, write

ROUNDS = [0.30, 0.40, 0.50, 0.60, 0.70]


def line(**aim: float) -> Line:
    return Line("a1", "Something", "/s", ROUNDS, **aim)


def test_quartiles_are_those_of_the_rounds():
    assert spread(ROUNDS).lower == 0.40
    assert spread(ROUNDS).median == 0.50
    assert spread(ROUNDS).upper == 0.60


def test_at_least_is_judged_by_the_lower_quartile():
    assert line(at_least=0.40).verdict == "PASS"
    assert line(at_least=0.41).verdict == "MISSED"


def test_at_most_is_judged_by_the_upper_quartile():
    assert line(at_most=0.60).verdict == "PASS"
    assert line(at_most=0.59).verdict == "MISSED"


def test_a_line_without_an_aim_can_neither_be_met_nor_missed():
    assert line().verdict == ""
    assert not is_missed([line()])


def test_one_missed_aim_is_enough_and_what_was_skipped_is_none():
    skipped = Skipped("c1", "Somebody else", "no index here")
    assert is_missed([skipped, line(at_least=0.1), line(at_least=0.9)])
    assert not is_missed([skipped, line(at_least=0.1)])


def test_what_was_skipped_says_why():
    assert printed(Skipped("c1", "Somebody else", "no index here")).endswith("skipped: no index here")


def test_ratios_are_taken_within_a_round():
    done = {"ours": [_slice(10), _slice(40)], "theirs": [_slice(20), _slice(160)]}
    assert ratios(done, "ours", to="theirs") == [0.5, 0.25]


def test_the_page_has_a_row_for_each_line(tmp_path):
    page = tmp_path / "page.md"
    _write(page, part="Pages", date="today")
    assert "| a1 | Something | 0.5 /s (0.4 to 0.6) | >= 0.9 | MISSED |  |" in page.read_text()
    assert page.read_text().startswith("# Benchmarks\n\n## Pages\n\n- Date: today\n")


def test_a_part_that_is_measured_again_leaves_the_others_alone(tmp_path):
    page = tmp_path / "page.md"
    for part, date in (("Pages", "monday"), ("Jobs", "tuesday"), ("Pages", "friday")):
        _write(page, part=part, date=date)
    assert [row for row in page.read_text().splitlines() if row.startswith(("##", "- "))] == [
        *("## Pages", "- Date: friday", "## Jobs", "- Date: tuesday")
    ]


def _write(page: Path, *, part: str, date: str) -> None:
    found = [line(at_least=0.9), line()]
    write(page, part=part, found=found, facts={"Date": date}, introduction="# Benchmarks")


def _slice(count: int) -> Slice:
    return Slice(count, seconds=1.0, app_ms=1.0, database_ms=1.0)
