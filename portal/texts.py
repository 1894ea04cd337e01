"""Texts that are data: a mapping of language code to sentence, kept in a JSON column."""

from django.db import models
from django.utils.translation import get_language


def localized(texts: dict[str, str], language: str | None = None) -> str:
    """The text in the language asked for (the active one if none is named), else English, else any."""
    language = (language or get_language() or "en").split("-")[0]
    return texts.get(language) or texts.get("en") or next(iter(texts.values()), "")


class LocalizedTextField(models.JSONField):
    """A text per language: `{"en": "Navigation", "el": "Πλοήγηση"}`; read it through `localized`."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        kwargs.setdefault("default", dict)
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
