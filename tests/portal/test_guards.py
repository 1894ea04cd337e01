"""ASVS 2.2, 16.5: what a request must not be is refused before any page looks something up."""

import pytest


@pytest.mark.parametrize("path", ["/en/support/contact/?market=a%00b", "/en/prices/cy%00/", "/en/?q=%00"])
def test_a_nul_in_an_address_is_refused(client, market, path):
    answer = client.get(path)
    assert (answer.status_code, answer["X-Content-Type-Options"]) == (400, "nosniff")
