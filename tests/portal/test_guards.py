"""ASVS 2.2, 16.5: what a request must not be is refused before any page looks something up."""

import pytest


@pytest.mark.parametrize(
    ("path", "status"), [("/en/support/contact/?market=a%00b", 400), ("/en/prices/cy%00/", 404), ("/en/?q=%00", 200)]
)
def test_a_nul_in_an_address_finds_nothing_and_breaks_nothing(client, market, path, status):
    answer = client.get(path)
    assert (answer.status_code, answer["X-Content-Type-Options"]) == (status, "nosniff")
