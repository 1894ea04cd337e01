import pytest
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.management import call_command
from django.test import override_settings
from django.urls import path

from portal import demo_mail
from portal.demo_mail import pieces
from portal.urls import urlpatterns as site

# As the demo has them.
urlpatterns = [
    path("demo/mail/", demo_mail.mailbox, name="demo_mailbox"),
    path("demo/mail/<str:key>/", demo_mail.message, name="demo_mail"),
    *site,
]


@pytest.fixture
def mailbox(tmp_path, settings, db):
    call_command("load_brand", "portal/data/lexus_cy/brand.yaml")
    settings.ROOT_URLCONF = "tests.portal.test_demo_mail"
    settings.MODE, settings.DEMO_MAIL_DIR = "demo", tmp_path
    backend = "django.core.mail.backends.filebased.EmailBackend"
    with override_settings(EMAIL_FILE_PATH=tmp_path):
        for to, subject in [("a@example.com", "Πρώτο"), ("b@example.com", "Second <b>")]:
            mail = EmailMultiAlternatives(subject, "Open http://localhost:8000/account/ now", None, [to])
            mail.attach_alternative("<script>alert(1)</script>", "text/html")
            mail.attach("invoice.pdf", b"%PDF-", "application/pdf")
            get_connection(backend).send_messages([mail])


def test_the_mails_are_listed_and_filtered_by_recipient(mailbox, client):
    assert "Πρώτο" in client.get("/demo/mail/").content.decode()
    only_b = client.get("/demo/mail/", {"to": "b@example.com"})
    assert [mail.subject for mail in only_b.context["mails"]] == ["Second <b>"]


def test_a_mail_is_shown_as_text_with_its_link(mailbox, client):
    mail = client.get("/demo/mail/", {"to": "b@example.com"}).context["mails"][0]
    page = client.get(f"/demo/mail/{mail.key}/").content.decode()
    assert '<a href="http://localhost:8000/account/">' in page
    assert "Second &lt;b&gt;" in page
    assert "alert(1)" not in page
    assert "invoice.pdf" in page


def test_a_mail_that_is_not_there_is_not_found(mailbox, client):
    assert client.get("/demo/mail/0123456789abcdef0123/").status_code == 404


@pytest.mark.parametrize("mode", ["production", "test"])
def test_the_mailbox_is_closed_outside_the_demo(mailbox, client, settings, mode):
    settings.MODE = mode
    assert client.get("/demo/mail/").status_code == 404


@pytest.mark.parametrize(
    "address", ["http://localhost:8000.evil.example/", "https://evil.example/", "http://localhost:80001/"]
)
def test_only_links_of_this_site_can_be_followed(address):
    assert not any(piece.is_link for piece in pieces(f"see {address} there"))
