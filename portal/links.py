"""Addresses of our own pages, for mails and notices: on SITE_URL, in the reader's language."""

import re

from django.conf import settings


def absolute(path: str) -> str:
    """The address of a page as a mail names it: on SITE_URL, never on a request's Host header."""
    return settings.SITE_URL + path


def in_language(path: str, language: str) -> str:
    """The same page in another language; a path without a language stays as it is.

    Django's `translate_url` knows only paths of the active language, and a job's is not its reader's.
    """
    codes = "|".join(re.escape(code) for code, _ in settings.LANGUAGES)
    return re.sub(rf"^/({codes})/", f"/{language}/", path)
