"""No page and no mail in Greek shows a sentence in English, ours or a package's."""

import pytest
from django.conf import settings
from django.utils import translation

from accounts.mail import in_layout, in_words_of
from accounts.models import Notice
from accounts.notices import texts as notice_texts
from accounts.notices.kinds import KINDS, tell
from portal.plain_text import render_text
from portal.translating import po_file
from tests import make
from tests.accounts.notice_facts import FACTS
from tests.meta.greek import Shown, english_in, english_messages
from tests.meta.routes import ROUTES

ENGLISH = english_messages(po_file.read(po_file.po_file("el"), language="el"))
# Facts are kept as codes and said in the reader's language.
CODES = {
    "payment_failed": "stolen",
    "order_refused": "stolen",
    "authentication_needed": "needs_authentication",
    "subscription_ended": "cancelled",
}

# Kept in the reader's own language already, where they are told.
IN_GREEK = {
    "recall_name": "Στήριγμα του καλωδίου",
    "recall_text": "Μπορεί να λυθεί.",
    "category": "Ασφάλιση",
    "hours": "Δευτέρα έως Παρασκευή, 8:00 έως 18:00",
}


@pytest.fixture
def greek(estate):
    """The owner reads Greek, and has the things whose pages are looked at."""
    estate.owner.language = "el"
    estate.owner.save(update_fields=["language"])
    return estate


def address(name, estate):
    """A request leaves its own language in the thread, so each address is made anew."""
    with translation.override("el"):
        return ROUTES[name].url(name, estate)


def english_pages(client, estate, who):
    for name in (name for name, route in ROUTES.items() if getattr(route, who) == 200):
        response = client.get(address(name, estate), HTTP_ACCEPT_LANGUAGE="el")
        if response["Content-Type"].startswith("text/html"):
            assert response["Content-Language"] == "el", name
            yield from ((name, text) for text in english_in(Shown(response.content.decode()).texts, ENGLISH))


def test_no_page_for_visitors_shows_english_in_greek(client, greek):
    assert list(english_pages(client, greek, "visitor")) == []


def test_no_page_of_a_customer_shows_english_in_greek(client, greek):
    client.force_login(greek.owner)
    assert list(english_pages(client, greek, "owner")) == []


def test_forms_refuse_in_greek(client, greek):
    client.force_login(greek.owner)
    for name in ("add_vehicle", "profile", "billing_profile", "account_change_password", "account_email"):
        page = client.post(address(name, greek), {"email": "x", "action_add": ""}).content.decode()
        assert "Σφάλμα" in page, name
        assert list(english_in(Shown(page).texts, ENGLISH)) == [], name


@pytest.mark.parametrize("password", ["short", "password123", "owner@example.com"])
def test_a_weak_password_is_refused_in_greek(client, greek, password):
    answer = {"email": "owner2@example.com", "password1": password}
    page = client.post(address("account_signup", greek), answer).content.decode()
    assert "Ο κωδικός πρόσβασης" in page or "Αυτός ο κωδικός" in page
    assert list(english_in(Shown(page).texts, ENGLISH)) == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("lasts", [True, False])
def test_no_notice_shows_english_in_greek(owner, kind, lasts):
    """`lasts`: with and without the facts that may be empty, since they choose between sentences."""
    owner.language = "el"
    facts = FACTS[kind] | ({"reason": CODES[kind]} if kind in CODES else {})
    facts |= {name: words for name, words in IN_GREEK.items() if name in facts}
    if not lasts:
        facts |= dict.fromkeys(facts.keys() & {"next_try_on", "refund", "trial_ends_on", "plans", "first_name"}, "")
        # Of control that moves the sum is always told, even of nothing.
        facts |= {"refund": "0.00"} if kind.startswith("control_") else {}
    tell(account=owner, kind=kind, subject_key="s", event_on=make.NOW.date(), now=make.NOW, **facts)
    notice = Notice.objects.get(kind=kind, subject_key="s")
    notice.account = owner
    with in_words_of(owner):
        texts = words_of(notice)
    assert list(english_in(texts, ENGLISH)) == []


def words_of(notice):
    subject, body = notice_texts.subject(notice), notice_texts.body(notice)
    link = notice_texts.link(notice)
    text, html = in_layout(
        body, brand=notice.account.market.brand, subject=subject, name=notice.account.first_name, link=link
    )
    return [subject, str(KINDS[notice.kind].title), *text.splitlines(), *Shown(html).texts]


def test_no_mail_of_the_entrance_shows_english_in_greek(owner):
    names = [path.name for path in (settings.BASE_DIR / "templates/account/email").glob("*_message.txt")]
    assert len(names) >= 8
    with in_words_of(owner), translation.override("el"):
        for name in names:
            for part in (name, name.replace("_message", "_subject")):
                assert (part, list(english_in(entrance_mail(part, owner), ENGLISH))) == (part, [])


def entrance_mail(name, owner):
    if not (settings.BASE_DIR / "templates/account/email" / name).exists():
        return []
    context = {"brand": owner.market.brand, "email": owner.email, "timestamp": make.NOW, "ip": "192.0.2.1"}
    return render_text(f"account/email/{name}", context).splitlines()
