import pytest

from portal.links import absolute, in_language


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/en/account/", "/el/account/"),
        ("/el/account/?next=/en/garage/", "/el/account/?next=/en/garage/"),
        ("/admin/", "/admin/"),
        ("/english/", "/english/"),
    ],
)
def test_a_page_is_found_in_another_language(path, expected):
    assert in_language(path, "el") == expected


def test_a_link_in_a_mail_stands_on_the_sites_own_address():
    assert absolute("/en/") == "http://localhost:8000/en/"
