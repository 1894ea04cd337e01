"""W1: no form of the site or of the admin takes a card number, and none comes into the database or the log."""

import json
import logging
import re
from collections.abc import Iterator

import pytest
from allauth.account import app_settings
from django import forms
from django.conf import settings
from django.contrib import admin
from django.db import connection
from django.test import Client, RequestFactory
from django.urls import get_resolver, reverse
from django.utils.module_loading import import_string

from accounts.models import Account, TermsVersion
from portal.card_numbers import MaskCardNumbers
from portal.free_text import CARD_NUMBER_REFUSED, WithoutCardNumbers
from subscriptions.actions.cancel import cancel
from subscriptions.actions.run import charging_run
from subscriptions.gateway.sandbox.cards import card_number
from subscriptions.models import ServiceIncident
from support.models import ArticleText, SameWords
from tests import make
from tests.meta.page_forms import PageForm, forms_in
from tests.meta.reading import ReadingClient
from tests.meta.routes import ROUTES

APPS = ("accounts.", "garage.", "portal.", "subscriptions.", "support.")
NUMBER = "4242 4242 4242 4242"
OWN_TEXT = "as I typed it"
# Rows of the admin that staff write in a form of their own, which refuses card numbers.
WITH_A_FORM = {TermsVersion, ServiceIncident, ArticleText, SameWords}
# Text of the person's own; what is chosen, counted, dated or hashed is none.
READ_ONLY_FIELDS = (forms.ChoiceField, forms.ModelChoiceField)


def has_free_text(form: type[forms.BaseForm]) -> bool:
    # A mixin has none yet.
    return any(is_free_text(each) for each in getattr(form, "base_fields", {}).values())


def is_free_text(each: forms.Field) -> bool:
    if isinstance(each, READ_ONLY_FIELDS) or isinstance(each.widget, forms.PasswordInput):
        return False
    return isinstance(each, forms.CharField | forms.DateField | forms.JSONField | forms.MultiValueField)


def form_classes() -> Iterator[type[forms.BaseForm]]:
    """Those of our apps, loaded with every address of the site, and those that allauth's pages use of it."""
    assert get_resolver().url_patterns
    yield from (each for each in below(forms.BaseForm) if each.__module__.startswith(APPS))
    yield from (import_string(path) for path in app_settings.FORMS.values())


def below(form: type) -> Iterator[type[forms.BaseForm]]:
    for each in form.__subclasses__():
        yield each
        yield from below(each)


def test_W1_every_form_with_free_text_refuses_card_numbers():
    found = set(form_classes())
    assert {"NicknameForm", "ReasonForm", "TransferForm", "RegistrationForm"} <= {each.__name__ for each in found}
    assert [each for each in found if has_free_text(each) and not issubclass(each, WithoutCardNumbers)] == []


def test_W1_a_new_form_without_the_guard_is_found():
    class Unguarded(forms.Form):
        remark = forms.CharField()

    assert has_free_text(Unguarded)
    assert Unguarded in set(below(forms.BaseForm))
    assert not issubclass(Unguarded, WithoutCardNumbers)


def test_W1_no_row_of_the_admin_has_free_text_to_fill_in(owner):
    """What staff write goes through the forms of operations, above; some rows have one that refuses them."""
    request = RequestFactory().get("/")
    request.user = Account(is_superuser=True, is_staff=True, is_active=True)
    for model, desk in admin.site._registry.items():
        if model in WITH_A_FORM:
            assert issubclass(desk.form, WithoutCardNumbers)
            continue
        assert not desk.has_add_permission(request), model
        form = desk.get_form(request, owner, change=True)
        assert not desk.has_change_permission(request) or not has_free_text(form), model
        for inline in desk.get_inline_instances(request):
            assert not inline.has_add_permission(request, None), inline
            assert not inline.has_change_permission(request), inline


# Page by page


# Asked by GET for a day, and neither kept nor shown: what is no day counts as today.
NOT_KEPT = {"about"}


def forms_of(client: Client, estate) -> Iterator[tuple[str, PageForm]]:
    for name, route in ROUTES.items():
        url = route.url(name, estate)
        page = client.get(url) if route.owner or route.visitor else None
        if page is None or page.status_code != 200 or not page["Content-Type"].startswith("text/html"):
            continue
        for form in forms_in(page.content.decode(), url):
            if set(form.texts) - NOT_KEPT:
                yield name, form


@pytest.mark.parametrize("is_signed_in", [True, False])
def test_W1_every_text_of_every_page_refuses_a_card_number_and_keeps_the_rest(estate, is_signed_in):
    client = ReadingClient()
    if is_signed_in:
        client.force_login(estate.owner)
    seen = set()
    for name, form in list(forms_of(client, estate)):
        for text in set(form.texts) - NOT_KEPT:
            seen.add((name, text))
            refuses(client, form, text)
    wanted = {("profile", "phone"), ("rename_vehicle", "nickname"), ("add_vehicle", "vin"), ("subscription", "day")}
    visitors = {("account_signup", "email"), ("account_login", "login"), ("withdrawal_statement", "contract_number")}
    assert seen >= (wanted if is_signed_in else visitors)


def refuses(client: Client, form: PageForm, text: str) -> None:
    others = {each: OWN_TEXT for each in form.texts if each != text}
    sent = {**form.values, **others, text: f"x {NUMBER}"}
    send = client.post if form.method == "post" else client.get
    page = send(form.action.split("#")[0], sent, follow=True).content.decode()
    assert str(CARD_NUMBER_REFUSED) in page, (form.action, text)
    assert "4242 4242" not in page, (form.action, text)
    if others:
        assert OWN_TEXT in page, (form.action, text)


# What is kept


@pytest.fixture
def log():
    """What the console's handler would have written."""
    written: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            written.append(self.format(record))

    handler = Kept()
    for path in settings.LOGGING["handlers"]["console"]["filters"]:
        handler.addFilter(import_string(settings.LOGGING["filters"][path]["()"])())
    root = logging.getLogger()
    root.addHandler(handler)
    yield written
    root.removeHandler(handler)


def test_W1_after_orders_charges_and_refunds_no_card_number_is_kept(
    estate, owner, market, gateway, clock, deliver, files, log
):
    numbers = [card_number("visa", owner.pk * 100 + nth) for nth in range(2)]
    make.card(owner, gateway=gateway, nth=1)
    client = Client()
    client.force_login(owner)
    typed = {"first_name": numbers[0], "last_name": "Georgiou", "phone": numbers[1], "language": "en"}
    assert str(CARD_NUMBER_REFUSED) in client.post(reverse("profile"), typed).content.decode()
    client.get(reverse("notices"), {"page": numbers[0]})
    logging.getLogger("subscriptions").error("a careless line: %s", numbers[0])
    clock.now += make.days(100)
    charging_run(market=market, now=clock.now, gateway=gateway)
    cancel(subscription=owner.subscriptions.get(), confirmed=None, now=clock.now, by=owner)
    deliver()
    kept = list(texts_of_the_database())
    assert any("Georgiou" in text for text in kept)
    assert any("a careless line: [card number]" in line for line in log)
    assert [each for each in [*kept, *log] if holds_one_of(numbers, each)] == []


def test_W1_the_scan_finds_a_number_wherever_it_stands(owner):
    Account.objects.filter(pk=owner.pk).update(phone="4242-4242 42424242")
    assert [each for each in texts_of_the_database() if holds_one_of(["4242424242424242"], each)] != []
    assert MaskCardNumbers().filter(logging.LogRecord("x", 20, "", 1, "", (), None)) is not None


def holds_one_of(numbers: list[str], text: str) -> bool:
    digits = re.sub(r"[\s.\-_]", "", text)
    return any(number in digits for number in numbers)


def texts_of_the_database() -> Iterator[str]:
    """Each value of each column that can hold text, of every table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
            " AND data_type IN ('text', 'character varying', 'json', 'jsonb', 'ARRAY', 'bytea', 'character')"
        )
        for table, column in cursor.fetchall():
            cursor.execute(f'SELECT "{column}"::text FROM "{table}" WHERE "{column}" IS NOT NULL')
            yield from (json.dumps(value, ensure_ascii=False) for (value,) in cursor.fetchall())
