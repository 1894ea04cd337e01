"""The customer's way through the provider's pages, over real HTTP (W1, W2)."""

import socket
from pathlib import Path

import pytest

from subscriptions.gateway.port import CardAdded, Charged, SetupFailed, SetupPending
from subscriptions.gateway.sandbox.cards import TEST_CARDS
from subscriptions.gateway.sandbox.client import SandboxGateway
from subscriptions.gateway.sandbox.in_process import InProcessGateway
from tests.gateway import calls
from tests.gateway.calls import SECRET, add_card, charge_present

RETURN_URL = "http://portal.example:8000/wallet/cards/new/?from=checkout&name=%CE%91#top"
TYPED = {"number": "4242 4242 4242 4242", "expiry": "07/30", "cvc": "123", "name": "Maria <b>Georgiou</b>"}


@pytest.fixture
def begin(provider):
    def begin(language="en"):
        return provider.begin_card_setup(
            key=f"in {language}", customer_ref="account-1", return_url=RETURN_URL, language=language
        )

    return begin


@pytest.fixture
def setup_ref(begin):
    return begin()


def back_at_the_shop(setup_ref):
    return f"http://portal.example:8000/wallet/cards/new/?from=checkout&name=%CE%91&setup={setup_ref}#top"


def enter(http, setup_ref, **changes):
    return http.post(f"/pay/card/{setup_ref}", data=TYPED | changes)


def answer(http, setup_ref, answer="confirm"):
    return http.post(f"/pay/card/{setup_ref}/authentication", data={"answer": answer})


def test_a_card_is_entered_confirmed_and_brought_back_to_the_shop(http, provider, setup_ref):
    assert http.get(f"/pay/card/{setup_ref}").status_code == 200
    entered = enter(http, setup_ref)
    assert (entered.status_code, entered.headers["location"]) == (303, f"/pay/card/{setup_ref}/authentication")
    assert "Visa card ending in 4242" in http.get(entered.headers["location"]).text
    assert provider.card_setup(setup_ref=setup_ref) == SetupPending()
    confirmed = answer(http, setup_ref)
    assert (confirmed.status_code, confirmed.headers["location"]) == (303, back_at_the_shop(setup_ref))
    outcome = provider.card_setup(setup_ref=setup_ref)
    assert isinstance(outcome, CardAdded)
    assert (outcome.card.last4, outcome.card.exp_month, outcome.card.exp_year) == ("4242", 7, 2030)


def test_the_card_number_is_nowhere_in_the_state(http, setup_ref, state_file: Path):
    enter(http, setup_ref, number="4242424242424243")
    enter(http, setup_ref)
    answer(http, setup_ref)
    stored = b"".join(path.read_bytes() for path in state_file.parent.iterdir())
    assert b"4242" in stored
    assert not any(part in stored for part in (b"4242424242", b"4242 4242", b"Georgiou"))


@pytest.mark.parametrize(
    ("number", "chosen"), [("4242424242424242", "refuse"), ("4000000000000036", "confirm")], ids=["refused", "fails"]
)
def test_a_failed_authentication_adds_nothing_and_leads_back(http, provider, setup_ref, number, chosen):
    enter(http, setup_ref, number=number)
    assert answer(http, setup_ref, chosen).headers["location"] == back_at_the_shop(setup_ref)
    assert provider.card_setup(setup_ref=setup_ref) == SetupFailed(reason="authentication_failed")


@pytest.mark.parametrize("is_entered", [False, True])
def test_cancelling_adds_nothing_and_leads_back(http, provider, setup_ref, is_entered):
    if is_entered:
        enter(http, setup_ref)
    cancelled = http.post(f"/pay/card/{setup_ref}/cancellation", data={})
    assert cancelled.headers["location"] == back_at_the_shop(setup_ref)
    assert provider.card_setup(setup_ref=setup_ref) == SetupFailed(reason="cancelled")


@pytest.mark.parametrize("number", ["5555 5555 5555 4444", "a slip"])
def test_a_second_submit_of_the_card_changes_nothing(http, provider, setup_ref, number):
    enter(http, setup_ref)
    again = enter(http, setup_ref, number=number)
    assert again.headers["location"] == f"/pay/card/{setup_ref}/authentication"
    assert http.get(f"/pay/card/{setup_ref}").headers["location"] == again.headers["location"]
    answer(http, setup_ref)
    assert provider.card_setup(setup_ref=setup_ref).card.brand == "visa"


@pytest.mark.parametrize("page", ["", "/authentication", "/cancellation"])
def test_a_finished_setup_only_leads_back(http, provider, setup_ref, page):
    enter(http, setup_ref)
    answer(http, setup_ref)
    outcome = provider.card_setup(setup_ref=setup_ref)
    address = f"/pay/card/{setup_ref}{page}"
    answers = [http.post(address, data=TYPED | {"answer": "refuse"})]
    answers += [http.get(address)] if page != "/cancellation" else []
    assert {each.headers["location"] for each in answers} == {back_at_the_shop(setup_ref)}
    assert provider.card_setup(setup_ref=setup_ref) == outcome


def test_the_bank_comes_after_the_card(http, provider, setup_ref):
    assert http.get(f"/pay/card/{setup_ref}/authentication").headers["location"] == f"/pay/card/{setup_ref}"
    assert answer(http, setup_ref).headers["location"] == f"/pay/card/{setup_ref}"
    assert provider.card_setup(setup_ref=setup_ref) == SetupPending()


def test_a_slip_is_shown_with_what_was_typed_but_no_security_code(http, setup_ref):
    page = enter(http, setup_ref, number="4242 4242 4242 4243", cvc="987")
    assert page.status_code == 200
    assert page.text.count("its last digit does not fit the others") == 2
    assert 'value="4242 4242 4242 4243"' in page.text
    assert "987" not in page.text
    assert "Maria &lt;b&gt;Georgiou" in page.text


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Never type the number of a real card"), ("el", "Δοκιμαστικός")]
)
def test_the_page_speaks_the_customers_language_and_says_that_it_is_a_test(http, begin, language, words):
    page = http.get(f"/pay/card/{begin(language)}").text
    assert f'<html lang="{language}">' in page
    assert words in page
    assert all(card.number in page.replace(" ", "") for card in TEST_CARDS)
    assert 'value=""' in page
    assert 'value="4' not in page


def test_pages_load_nothing_from_elsewhere_and_run_no_script(http, setup_ref):
    response = http.get(f"/pay/card/{setup_ref}")
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'; style-src 'self'; img-src 'self'" in policy
    # Chromium holds the redirect that answers a form against form-action.
    assert "form-action 'self' http://portal.example:8000;" in policy
    assert response.headers["cache-control"] == "no-store"
    assert "<script" not in response.text
    assert "style=" not in response.text


def test_style_and_icon_are_served(http):
    assert http.get("/sandbox.css").headers["content-type"] == "text/css; charset=utf-8"
    assert http.get("/icon.svg").headers["content-type"] == "image/svg+xml"
    assert http.get("/health").text == "ok\n"


@pytest.mark.parametrize("path", ["/", "/pay/card/", "/pay/card/setup_unknown", "/pay/card/a/b/c", "/sandbox_css"])
def test_an_unknown_address_is_a_clear_404(http, path):
    response = http.get(path, headers={"Accept-Language": "el-CY"})
    assert response.status_code == 404
    assert "Δεν υπάρχει τέτοια σελίδα" in response.text


def test_a_wrong_method_is_a_clear_405(http, setup_ref):
    response = http.put(f"/pay/card/{setup_ref}")
    assert (response.status_code, response.headers["allow"]) == (405, "GET, POST")
    assert "cannot be used that way" in response.text
    assert http.get(f"/pay/card/{setup_ref}/cancellation").status_code == 405
    assert http.head(f"/pay/card/{setup_ref}").status_code == 200


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"data": TYPED | {"name": "x" * 20_000}}, 413),
        ({"json": TYPED}, 415),
        ({"files": {"number": b"4242"}}, 415),
        ({"data": {f"field{nth}": "" for nth in range(50)}}, 400),
    ],
    ids=["too long", "JSON", "multipart", "too many fields"],
)
def test_a_body_that_is_no_card_form_is_refused(http, provider, setup_ref, sent, status):
    assert http.post(f"/pay/card/{setup_ref}", **sent).status_code == status
    assert provider.card_setup(setup_ref=setup_ref) == SetupPending()


@pytest.mark.parametrize(("length", "status"), [("0000000009999999999", 413), ("-1", 400), ("many", 400), ("²", 400)])
def test_a_length_that_lies_is_not_waited_for(http, setup_ref, length, status):
    with socket.create_connection((http.base_url.host, http.base_url.port), timeout=5) as connection:
        connection.sendall(f"POST /pay/card/{setup_ref} HTTP/1.0\r\nContent-Length: {length}\r\n\r\n".encode())
        assert connection.recv(100).startswith(f"HTTP/1.0 {status} ".encode())


def test_an_answer_to_the_bank_that_is_none_is_refused(http, provider, setup_ref):
    enter(http, setup_ref)
    assert answer(http, setup_ref, "perhaps").status_code == 400
    assert provider.card_setup(setup_ref=setup_ref) == SetupPending()


def test_P8_a_charge_is_confirmed_on_the_providers_page_and_leads_back(http, provider):
    card = add_card(InProcessGateway(provider), "needs_authentication")
    page = charge_present(SandboxGateway(str(http.base_url), SECRET), card).url
    shown = http.get(page)
    assert "99.00 EUR" in shown.text
    assert card.last4 in shown.text
    assert "portal.example:8000" in shown.headers["Content-Security-Policy"]
    for answered in (http.post(page, data={"answer": "confirm"}), http.get(page)):
        assert (answered.status_code, answered.headers["Location"]) == (303, calls.RETURN_URL)
    assert isinstance(provider.find_charge(key="charge-1"), Charged)
    assert http.post(page, data={"answer": "perhaps"}).status_code == 400
