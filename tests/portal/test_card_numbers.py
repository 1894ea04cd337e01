import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.card_numbers import contains_card_number, is_card_number, masked

NUMBERS = ["4242424242424242", "4222222222222", "5555555555554444", "2223003122003222", "4000000000000000006"]


@pytest.mark.parametrize("number", NUMBERS)
def test_visa_and_mastercard_numbers_are_found(number):
    assert contains_card_number(number)
    assert contains_card_number(f"my card is {number}, thanks")


@pytest.mark.parametrize(
    "text",
    [
        "4242 4242 4242 4242",
        "4242-4242-4242-4242",
        "4242.4242.4242.4242",
        "flat 12 4242 4242 4242 4242 3 floor",
        "4242\u00a04242\u00a04242\u00a04242",
        "4242 - 4242 - 4242 - 4242",
        "4242\u20114242\u20114242\u20114242",
        "4242\u200b4242\u200b42424242",
        "4242_4242\t4242  4242",
    ],
)
def test_a_number_is_found_in_groups_and_beside_other_digits(text):
    assert contains_card_number(text)
    assert "4242" not in masked(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "4242424242424241",
        "424242424242",
        "42424242424242424242",
        "+357 22 000000",
        "371449635398431",
        "2026-03-10 09:30:00",
        "JTJBARBZ802012345",
        "CY-2026-000017",
    ],
)
def test_other_figures_are_left_alone(text):
    assert not contains_card_number(text)
    assert masked(text) == text


def test_only_the_number_is_masked():
    assert masked("a 4242424242424242 b 5555 5555 5555 4444 c 12") == "a [card number] b [card number] c 12"


@given(st.text(alphabet="4250 -.a", max_size=60))
def test_what_is_masked_holds_no_card_number(text):
    assert not contains_card_number(masked(text))


@given(st.from_regex(r"4[0-9]{14}", fullmatch=True))
def test_exactly_one_check_digit_makes_a_number(digits):
    assert sum(is_card_number(digits + str(check)) for check in range(10)) == 1


def test_no_card_number_reaches_the_log(caplog):
    from portal.card_numbers import MaskCardNumbers

    caplog.handler.addFilter(MaskCardNumbers())
    try:
        raise ValueError("4242 4242 4242 4242")
    except ValueError:
        logging.getLogger("portal").exception("refused %s", "4242424242424242")
    assert "refused [card number]" in caplog.text
    assert "4242" not in caplog.text


def test_a_log_line_with_wrong_arguments_breaks_nothing():
    from portal.card_numbers import MaskCardNumbers

    record = logging.LogRecord("portal", logging.INFO, __file__, 1, "%d left", ("4242424242424242",), None)
    assert MaskCardNumbers().filter(record)
    assert "4242" not in record.getMessage()


def test_the_console_log_masks_card_numbers(settings):
    assert settings.LOGGING["handlers"]["console"]["filters"][0] == "card_numbers"


def test_the_workers_log_masks_card_numbers():
    """Celery sets its logging up anew as a worker starts; a process of its own, as this one's is set up already."""
    told = (
        "import django, logging; django.setup(); from portal.celery import app; app.log.setup(loglevel='INFO');"
        " logging.getLogger('subscriptions').error('refused %s', '4242 4242 4242 4242')"
    )
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "portal.settings"}
    command, here = [sys.executable, "-c", told], Path(__file__).parents[2]
    run = subprocess.run(command, env=environment, cwd=here, capture_output=True, text=True, check=True)
    assert "refused [card number]" in run.stderr
    assert "4242" not in run.stdout + run.stderr
