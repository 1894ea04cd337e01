"""H5: categories, canned texts and channels of a market are data."""

from datetime import timedelta

import pytest
import yaml
from dateutil.easter import EASTER_ORTHODOX, easter
from django.conf import settings
from django.core.management import CommandError, call_command

from support.models import CannedText, CaseCategory
from tests.support.cases import CONTACT_FILE

BRAND = settings.BASE_DIR / "portal" / "data" / "lexus_cy" / "brand.yaml"
# By their day of the month, and from Orthodox Easter.
FIXED = ("01-01", "01-06", "03-25", "04-01", "05-01", "08-15", "10-01", "10-28", "12-25", "12-26")
MOVABLE = (-48, -2, 0, 1, 50)


def test_H5_the_file_is_loaded_and_again_without_change(market, capsys):
    for _time in range(2):
        call_command("load_contact", str(CONTACT_FILE))
        found = list(CaseCategory.objects.order_by("position").values_list("code", "is_offered"))
        assert [code for code, _offered in found if code in {"insurance", "service-maintenance", "billing"}]
        assert all(is_offered for _code, is_offered in found)
    assert CaseCategory.objects.filter(is_billing=True).count() == 1
    for text in CannedText.objects.all():
        assert set(text.texts) == set(text.titles) == {"en", "el"}


def test_H5_a_category_that_is_left_out_is_kept_and_not_offered(market, tmp_path):
    call_command("load_contact", str(CONTACT_FILE))
    data = yaml.safe_load(CONTACT_FILE.read_text(encoding="utf-8"))
    data["categories"] = data["categories"][1:]
    file = tmp_path / "contact.yaml"
    file.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    call_command("load_contact", str(file))
    assert not CaseCategory.objects.get(code="connected-services").is_offered


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{{ case_number }}", "{{ secret }}", "names secret, which nothing fills"),
        ("due_days: 2", "due_days: 0", "whole number from 1 to 30"),
        ("market: CY", "market: XX", "is not loaded"),
    ],
)
def test_H5_a_fault_of_the_file_is_said_and_nothing_is_loaded(market, tmp_path, old, new, said):
    file = tmp_path / "contact.yaml"
    file.write_text(CONTACT_FILE.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(CommandError, match=said):
        call_command("load_contact", str(file))
    assert not CaseCategory.objects.exists()


@pytest.mark.parametrize("year", [2026, 2027])
def test_H5_every_public_holiday_of_the_example_deployment_is_known(year):
    data = yaml.safe_load(BRAND.read_text(encoding="utf-8"))
    known = set(data["market"]["contact"]["holidays"])
    sunday = easter(year, EASTER_ORTHODOX)
    expected = {f"{year}-{day}" for day in FIXED} | {str(sunday + timedelta(days)) for days in MOVABLE}
    assert expected <= known
