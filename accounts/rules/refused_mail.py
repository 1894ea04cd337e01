"""Whether a mail server's answer means that the address itself does not take mail."""

import re

# 530: sign in first. 5.7.x: a matter of policy or trust. Both speak of us, not of the address.
SIGN_IN_FIRST = 530
_OF_POLICY = re.compile(r"^5\.7\.")


def is_refusal_of_address(*, code: int, text: str) -> bool:
    """A permanent answer (5xx) to the address that is none to ourselves; 4xx means: later."""
    return 500 <= code < 600 and code != SIGN_IN_FIRST and not _OF_POLICY.match(text.strip())
