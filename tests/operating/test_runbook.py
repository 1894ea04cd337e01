"""Alarms, their pages and the numbers that they look at belong together; units and image are what they say."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from prometheus_client import REGISTRY, CollectorRegistry

from portal.operating.measures import Measured
from tests.meta.test_docs import tables
from tests.meta.test_layout import ROOT

DEPLOY, RUNBOOK = ROOT / "deploy", ROOT / "docs" / "runbook"
PARTS = ["What it means", "How to look", "What to do", "How to know that it is over"]
# Prometheus' own, and those of its exporter for machines.
OF_OTHERS = {"up", "node_systemd_unit_state", "node_systemd_timer_last_trigger_seconds"}
ENDINGS = r"(_total|_bucket|_count|_sum)$"
RULES = [
    rule
    for group in yaml.safe_load((DEPLOY / "prometheus" / "rules.yml").read_text())["groups"]
    for rule in group["rules"]
]
NAMES = [rule["alert"] for rule in RULES]


def metrics_in(text: str) -> set[str]:
    return {re.sub(ENDINGS, "", name) for name in re.findall(r"\b(?:portal|node)_[a-z_]+[a-z](?=[\s{(\[`)|]|$)", text)}


@pytest.fixture
def known(db, market) -> set[str]:
    measured = CollectorRegistry()
    measured.register(Measured())
    return {family.name for registry in (REGISTRY, measured) for family in registry.collect()}


def test_every_alarm_has_its_page_and_every_page_its_alarm():
    pages = {page.stem for page in RUNBOOK.glob("*.md")} - {"README"}
    assert pages == set(NAMES)
    assert len(NAMES) == len(set(NAMES))


@pytest.mark.parametrize("rule", RULES, ids=NAMES)
def test_an_alarm_leads_to_its_page_which_tells_everything_in_order(rule):
    page = ROOT / rule["annotations"]["runbook"]
    assert page.stem == rule["alert"]
    assert re.findall(r"^## (.+)$", page.read_text(), re.MULTILINE) == PARTS
    assert rule["labels"]["severity"] in {"page", "ticket"}
    assert {"expr", "for"} <= rule.keys()


def test_the_overview_has_every_alarm_with_its_severity():
    rows = tables(RUNBOOK / "README.md")["Alarm", "Severity", "In a word"]
    listed = {re.findall(r"\[(\w+)\]", row["Alarm"])[0]: row["Severity"] for row in rows}
    assert listed == {rule["alert"]: rule["labels"]["severity"] for rule in RULES}


def test_every_number_that_an_alarm_looks_at_is_there(known):
    for rule in RULES:
        looked_at = metrics_in(rule["expr"])
        assert looked_at or "up{" in rule["expr"], rule["alert"]
        assert looked_at - OF_OTHERS <= known, rule["alert"]


def test_every_number_of_ours_is_explained_and_every_page_names_numbers_that_there_are(known):
    rows = tables(RUNBOOK / "README.md")["Number", "Labels", "What it is"]
    explained = {re.sub(ENDINGS, "", name) for row in rows for name in re.findall(r"`(\w+)`", row["Number"])}
    assert explained == {name for name in known if name.startswith("portal_")}
    named = set().union(*(metrics_in(page.read_text()) for page in RUNBOOK.glob("*.md")))
    assert named - OF_OTHERS <= known


def test_the_kinds_of_work_that_are_no_findings_of_the_ledger_are_kinds_that_there_are():
    [expression] = [rule["expr"] for rule in RULES if rule["alert"] == "LedgerDisagrees"]
    excused = re.findall(r'kind!~"([^"]+)"', expression)[0].split("|")
    page = (ROOT / "docs" / "operations.md").read_text() + (ROOT / "subscriptions" / "models" / "work.py").read_text()
    assert [kind for kind in excused if kind not in page] == []


# Units and image


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """Copies whose programs there are, as on a machine on which the portal is installed."""
    installed = tmp_path / "opt" / "portal"
    for program in (
        "current/.venv/bin/gunicorn",
        "current/.venv/bin/celery",
        "current/.venv/bin/python",
        "current/deploy/backup.sh",
    ):
        (installed / program).parent.mkdir(parents=True, exist_ok=True)
        (installed / program).write_text("#!/bin/sh\n")
        (installed / program).chmod(0o755)
    for unit in (DEPLOY / "systemd").iterdir():
        text = unit.read_text().replace("/opt/portal", str(installed))
        (tmp_path / unit.name.replace("@.", "@charges.")).write_text(text)
    return tmp_path


def verified(folder: Path) -> subprocess.CompletedProcess[str]:
    files = [str(path) for path in sorted(folder.iterdir()) if path.is_file()]
    command = ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", *files]
    return subprocess.run(command, capture_output=True, text=True)


def test_every_unit_is_understood(units):
    """By systemd itself, where there is one; everywhere by its sections."""
    for unit in units.glob("portal*"):
        sections = re.findall(r"^\[(\w+)\]$", unit.read_text(), re.MULTILINE)
        assert sections[0] == "Unit"
        assert set(sections) <= {"Unit", "Service", "Timer", "Install"}
    if not shutil.which("systemd-analyze"):
        return
    found = verified(units)
    assert (found.returncode, found.stderr) == (0, "")
    (units / "portal-web.service").write_text("[Service]\nExecStart=nowhere\nKillMoed=mixed\n")
    assert verified(units).stderr


def test_there_is_a_worker_for_every_queue(settings):
    wanted = re.findall(r"portal-worker@(\w+)\.service", (DEPLOY / "systemd" / "portal.target").read_text())
    assert sorted(wanted) == sorted(queue.name for queue in settings.CELERY_TASK_QUEUES)


def test_the_image_copies_what_there_is_and_nothing_that_only_development_needs():
    image = (DEPLOY / "Containerfile").read_text()
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", image, re.MULTILINE)
    sources = [source for line in copied for source in line.split()]
    assert [source for source in sources if not (ROOT / source).exists()] == []
    assert not {"tests", "requirements-dev.txt", ".ci", "docs"} & set(sources)
    assert {"portal", "accounts", "garage", "subscriptions", "support", "templates", "static"} <= set(sources)
    assert re.search(r"^USER portal$", image, re.MULTILINE)
    assert "--require-hashes" in image


@pytest.mark.parametrize("script", ["backup.sh", "restore.sh"])
def test_the_scripts_are_good_shell(script):
    assert subprocess.run(["bash", "-n", DEPLOY / script]).returncode == 0
