"""Which answers of a mail server speak of the address."""

import pytest

from accounts.rules.refused_mail import is_refusal_of_address


@pytest.mark.parametrize(
    ("code", "text", "is_refused"),
    [
        (550, "5.1.1 no such mailbox", True),
        (550, "No such user here", True),
        (552, "5.2.2 mailbox full", True),
        (553, "5.1.3 bad address", True),
        (450, "4.2.1 busy", False),
        (451, "4.7.1 greylisted", False),
        (530, "5.7.0 authentication required", False),
        (530, "Must issue a STARTTLS command first", False),
        (554, "5.7.1 relay access denied", False),
        (550, " 5.7.26 unauthenticated mail is not accepted", False),
        (250, "OK", False),
    ],
)
def test_only_a_permanent_no_to_the_address_itself_is_one(code, text, is_refused):
    assert is_refusal_of_address(code=code, text=text) == is_refused
