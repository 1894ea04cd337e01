"""Typesets the demo's owner manuals and uploads them as staff would (G8)."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from garage.actions.manuals import ManualFacts, publish_manual
from garage.models import Manual
from garage.rules.manuals import FIRST_YEAR, LAST_YEAR
from portal.files.data_files import Section, read_data_file
from portal.models import Market
from subscriptions.invoicing.render import typeset

FILE = Path(settings.BASE_DIR) / "portal" / "data" / "lexus_cy" / "manuals.yaml"
LANGUAGES = "|".join(code for code, _name in settings.LANGUAGES)


class Command(BaseCommand):
    help = "Brings owner manuals to the demo: short, typeset from a data file, in two languages."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.MODE == "production":
            raise CommandError("Sample manuals belong to a demo.")
        file = read_data_file(FILE)
        market = Market.objects.select_related("brand").get(code=file.text("market"))
        sections = file.sections("manuals")
        file.refuse_the_rest()
        found = [(_facts(section, market), section.sections("chapters")) for section in sections]
        pages = [(facts, _page(facts, chapters, market)) for facts, chapters in found]
        file.raise_problems()
        now = timezone.now()
        for facts, page in pages:
            if not Manual.objects.filter(market=market, title=facts.title, language=facts.language).exists():
                pdf = typeset("report.typ", page, made_on=market.local_date(now))
                publish_manual(facts=facts, file=ContentFile(pdf, name="manual.pdf"), now=now, by=None)


def _facts(section: Section, market: Market) -> ManualFacts:
    return ManualFacts(
        market=market,
        title=section.text("title", longest=120),
        language=section.text("language", like=LANGUAGES),
        for_models=section.words("models"),
        first_year=section.integer("first_year", least=FIRST_YEAR, most=LAST_YEAR),
        last_year=None,
        generation=section.text("generation", default=""),
    )


def _page(facts: ManualFacts, chapters: list[Section], market: Market) -> dict[str, Any]:
    with translation.override(facts.language):
        return {
            "language": facts.language,
            "wordmark": market.brand.name,
            "accent": market.brand.accent_light,
            "title": facts.title,
            "subtitle": ", ".join(facts.for_models),
            "facts": [
                {"label": _("First year"), "value": str(facts.first_year)},
                {"label": _("Multimedia generation"), "value": facts.generation},
            ],
            "sections": [{"title": each.text("title"), "sentences": [each.text("text")]} for each in chapters],
            "footer": _("A sample for the demo, not the manual of a real car."),
            "page": _("Page {page} of {pages}"),
        }
