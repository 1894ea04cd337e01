"""The link in a mail to somebody who wrote signed out: it opens that one thread, and nothing else (H5)."""

from django.core import signing
from django.urls import reverse
from django.utils import translation

from portal.links import absolute
from support.models import Case

_THREAD = "case-thread"


def guest_key(case: Case) -> str:
    return signing.dumps(case.public_id.hex, salt=_THREAD)


def guest_url(case: Case) -> str:
    """Good until the words of the case are deleted."""
    with translation.override(case.language):
        return absolute(reverse("guest_case", args=[guest_key(case)]))


def confirmation_url(key: str, language: str) -> str:
    with translation.override(language):
        return absolute(reverse("case_confirmation", args=[key]))


def case_of(key: str) -> Case | None:
    """None for a link that is forged, or of a case whose words are gone."""
    try:
        public_id = signing.loads(key, salt=_THREAD)
    except signing.BadSignature:
        return None
    found = Case.objects.filter(public_id=public_id, blanked_at__isnull=True).exclude(email="")
    return found.select_related("category", "market__brand", "account").first()
