"""Feedback that is old says nothing about today's answers (H4)."""

from datetime import date

from support.models import FailedSearch, Vote


def forget_feedback(*, before: date) -> None:
    """Votes with their remarks, and words that nobody has searched for since."""
    Vote.objects.filter(on__lt=before).delete()
    FailedSearch.objects.filter(last_on__lt=before).delete()
