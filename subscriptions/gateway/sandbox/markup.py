"""The sandbox's pages as HTML. No script, no inline style; everything that was typed is escaped."""

from html import escape

from subscriptions.gateway.sandbox.card_form import FIELDS, CardForm
from subscriptions.gateway.sandbox.cards import TEST_CARDS, SampleCard
from subscriptions.gateway.sandbox.provider import ConfirmationView, SetupView
from subscriptions.gateway.sandbox.texts import known_language, say

BRANDS = {"visa": "Visa", "mastercard": "Mastercard", "amex": "American Express"}
# What browsers fill in and which keyboard a telephone shows.
ENTRY = {
    "number": 'autocomplete="cc-number" inputmode="numeric"',
    "expiry": 'autocomplete="cc-exp" inputmode="text"',
    "cvc": 'autocomplete="off" inputmode="numeric"',
    "name": 'autocomplete="cc-name"',
}


def card_page(view: SetupView, *, setup_ref: str, form: CardForm) -> str:
    language = known_language(view.language)
    origin = "/".join(view.return_url.split("/")[:3])
    inputs = "".join(_field(language, name, form) for name in FIELDS)
    main = f"""
<section>
<h1>{say(language, "card_title")}</h1>
<p class="muted">{escape(say(language, "card_intro", origin=origin))}</p>
{_summary(language, form)}
<form method="post" action="/pay/card/{setup_ref}" novalidate>{inputs}
<button class="primary">{say(language, "continue")}</button></form>
{_cancel(language, setup_ref)}
</section>
<aside aria-labelledby="numbers">
<h2 id="numbers">{say(language, "numbers_title")}</h2>
<p class="muted">{say(language, "numbers_intro")}</p>
<ul class="numbers">{"".join(_test_number(language, card) for card in TEST_CARDS)}</ul>
</aside>"""
    marked = f"{say(language, 'error_title')} " if form.errors else ""
    return _page(language, title=marked + say(language, "card_title"), main=main, layout="two")


def authentication_page(view: SetupView, *, setup_ref: str) -> str:
    language = known_language(view.language)
    question = say(language, "bank_intro", brand=BRANDS[view.brand], last4=view.last4)
    main = f"""
<section>
<h1>{say(language, "bank_title")}</h1>
<p>{escape(question)}</p>
<p class="muted">{say(language, "bank_help")}</p>
<form method="post" action="/pay/card/{setup_ref}/authentication" class="choices">
<button class="primary" name="answer" value="confirm">{say(language, "confirm")}</button>
<button name="answer" value="refuse">{say(language, "refuse")}</button></form>
{_cancel(language, setup_ref)}
</section>"""
    return _page(language, title=say(language, "bank_title"), main=main)


def confirmation_page(view: ConfirmationView, *, confirmation_ref: str) -> str:
    language = known_language(view.language)
    what = {"brand": BRANDS[view.brand], "last4": view.last4, "amount": f"{view.amount} {view.currency}"}
    question = say(language, "charge_intro", **what, description=view.description)
    main = f"""
<section>
<h1>{say(language, "charge_title")}</h1>
<p>{escape(question)}</p>
<p class="muted">{say(language, "bank_help")}</p>
<form method="post" action="/pay/charge/{confirmation_ref}" class="choices">
<button class="primary" name="answer" value="confirm">{say(language, "confirm")}</button>
<button name="answer" value="refuse">{say(language, "refuse")}</button></form>
</section>"""
    return _page(language, title=say(language, "charge_title"), main=main)


def error_page(wanted_language: str, status: str) -> str:
    language = known_language(wanted_language)
    help_text = say(language, "404_help" if status == "404" else "error_help")
    main = f"<section><h1>{say(language, status)}</h1><p>{help_text}</p></section>"
    return _page(language, title=say(language, status), main=main)


def _page(language: str, *, title: str, main: str, layout: str = "one") -> str:
    return f"""<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title} · {say(language, "provider")}</title>
<link rel="icon" href="/icon.svg">
<link rel="stylesheet" href="/sandbox.css">
</head>
<body>
<header><p class="provider">{say(language, "provider")}</p><p class="banner">{say(language, "test_banner")}</p></header>
<main class="{layout}">{main}</main>
</body>
</html>
"""


def _summary(language: str, form: CardForm) -> str:
    if not form.errors:
        return ""
    links = "".join(f'<li><a href="#{name}">{escape(error)}</a></li>' for name, error in form.errors.items())
    return f'<div class="summary" role="alert"><h2>{say(language, "summary")}</h2><ul>{links}</ul></div>'


def _field(language: str, name: str, form: CardForm) -> str:
    error = form.errors.get(name, "")
    described = f"{name}-help {name}-error" if error else f"{name}-help"
    beside = f'<p class="error" id="{name}-error">{escape(error)}</p>' if error else ""
    invalid = ' aria-invalid="true"' if error else ""
    return f"""
<div class="field {name}"><label for="{name}">{say(language, name)}</label>
<p class="muted" id="{name}-help">{say(language, f"{name}_help")}</p>{beside}
<input id="{name}" name="{name}" value="{escape(form.typed.get(name, ""))}" {ENTRY[name]} spellcheck="false"
 aria-required="true" aria-describedby="{described}"{invalid}></div>"""


def _test_number(language: str, card: SampleCard) -> str:
    kind = f"{BRANDS[card.brand]}, {say(language, card.funding)}"
    what = f"{kind}. {say(language, card.behaviour)}"
    return f"<li><code>{_grouped(card)}</code><span>{what}</span></li>"


def _grouped(card: SampleCard) -> str:
    """The digits as they stand on a card: 4-6-5 for American Express, else in fours."""
    number = card.number
    if card.brand == "amex":
        return f"{number[:4]} {number[4:10]} {number[10:]}"
    return " ".join(number[start : start + 4] for start in range(0, len(number), 4))


def _cancel(language: str, setup_ref: str) -> str:
    action = f"/pay/card/{setup_ref}/cancellation"
    return f'<form method="post" action="{action}"><button class="quiet">{say(language, "cancel")}</button></form>'
