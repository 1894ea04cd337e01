"""The reader's language, as texts are kept by it."""

from django.utils.translation import get_language


def reader_language() -> str:
    return (get_language() or "en").split("-")[0]
