from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe

from portal.styleguide.form import SampleForm
from portal.styleguide.frame import sample_frame
from portal.styleguide.samples import sample_state
from portal.styleguide.tokens import tokens, tokens_css
from portal.styleguide.words import words

SCHEMES = {"both": ("light", "dark"), "light": ("light",), "dark": ("dark",)}
FILLED = {"vin": "JTHSAMPLECY900007", "email": "maria@example.com", "country": "CY", "channel": "email", "terms": "on"}


@dataclass(frozen=True)
class Scheme:
    """One colour scheme: each of its panes has forms of its own, so that no two fields share an id."""

    name: str

    @property
    def form(self) -> forms.Form:
        return SampleForm(prefix=f"fresh-{self.name}")

    @property
    def filled_form(self) -> forms.Form:
        prefix = f"filled-{self.name}"
        return SampleForm({f"{prefix}-{name}": value for name, value in FILLED.items()}, prefix=prefix)

    @property
    def wrong_form(self) -> forms.Form:
        prefix = f"wrong-{self.name}"
        return SampleForm({f"{prefix}-vin": "JTHO1"}, prefix=prefix)


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component in each of its states: `?language=el`, `?scheme=dark`, as links on the page."""
    shown = SCHEMES.get(request.GET.get("scheme", ""), SCHEMES["both"])
    with translation.override(_language(request)):
        context = sample_state() | {
            "t": words(),
            "tokens": tokens(),
            "schemes": [Scheme(name) for name in shown],
            "choices": [(scheme, code) for scheme in SCHEMES for code, _ in settings.LANGUAGES],
            "member_frame": sample_frame(),
            "page": Paginator(range(60), 20).page(2),
            "first_page": Paginator(range(60), 20).page(1),
            "charge_on": date(2024, 6, 10),
            "seen_at": datetime(2024, 6, 10, 11, 5, tzinfo=UTC),
            "price": Decimal("99.00"),
            "refund": Decimal("66.00"),
        }
        return render(request, "styleguide/page.html", context)


@require_safe
def styleguide_css(request: HttpRequest) -> HttpResponse:
    return HttpResponse(tokens_css(), content_type="text/css; charset=utf-8")


def _language(request: HttpRequest) -> str:
    asked = request.GET.get("language", "")
    return asked if asked in dict(settings.LANGUAGES) else translation.get_language() or settings.LANGUAGE_CODE
