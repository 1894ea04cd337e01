"""What staff have to look at: nobody mends it by machine."""

from django.db import models
from django.db.models import Q


class WorkItem(models.Model):
    """A finding of a nightly check, open until somebody closes it with a reason.

    The same finding is open once, however many nights find it; found again after it was closed, it is opened anew.
    """

    kind = models.CharField(max_length=60)
    # The row by public id, number or reference: it may be one that the database does not have.
    subject = models.CharField(max_length=200)
    text = models.TextField()
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject"], condition=Q(closed_at__isnull=True), name="work_item_open_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None
