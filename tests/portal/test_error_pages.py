"""Pages for what went wrong: the brand's look, both languages, one next step; in trouble without a database."""

import pytest
from django.template.loader import render_to_string
from django.test import Client

# Both languages at once, since nobody can be asked which.
STANDING_ALONE = ["500.html", "503.html", "maintenance.html", "offline.html"]


def main_of(page: str) -> str:
    return page.partition("<main")[2].partition("</main>")[0]


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "el"])
def test_an_unknown_address_has_the_frame_and_one_next_step(client, market, language):
    answer = client.get(f"/{language}/nothing-here/")
    assert answer.status_code == 404
    assert f'<html lang="{language}">' in answer.text
    assert market.brand.portal_name in answer.text
    assert main_of(answer.text).count('class="button"') == 1


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "el"])
def test_a_form_without_its_token_is_refused_by_our_own_page(market, language):
    answer = Client(enforce_csrf_checks=True).post(f"/{language}/account/login/", {"login": "maria@example.com"})
    assert answer.status_code == 403
    assert f'<html lang="{language}">' in answer.text
    assert market.brand.portal_name in answer.text
    assert main_of(answer.text).count('class="button"') == 1
    assert "CSRF" not in main_of(answer.text)


@pytest.mark.parametrize("name", STANDING_ALONE)
def test_what_shows_in_trouble_needs_no_database_and_no_request(name):
    page = render_to_string(name)
    assert '<html lang="en">' in page
    assert 'lang="el"' in page
    assert "components.css" in page
    assert page.count('class="button"') == 1
    assert "{{" not in page
