"""A dealer's workshop: hours, closed days, bays, what it offers and how long it takes, and who works there (G8, K1)."""

import uuid
from datetime import date, time

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.dates import WEEKDAYS

from accounts.models import Dealer
from portal.texts import LocalizedTextField, localized

LONGEST_MINUTES = 600


class Workshop(models.Model):
    """`load_workshops` begins it; from then on the dealer keeps it in the admin."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    dealer = models.OneToOneField(Dealer, on_delete=models.PROTECT, related_name="workshop")
    takes_bookings = models.BooleanField(default=True)

    def __str__(self) -> str:
        return f"{self.dealer}"

    def spans_on(self, day: date) -> list[tuple[time, time]]:
        """Opening and closing by its own clock; of prefetched rows no query."""
        if any(closed.on == day for closed in self.closed_days.all()):
            return []
        return sorted((row.opens, row.closes) for row in self.openings.all() if row.weekday == day.weekday())


class WorkshopOpening(models.Model):
    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="openings")
    weekday = models.PositiveSmallIntegerField(choices=list(WEEKDAYS.items()))
    opens = models.TimeField()
    closes = models.TimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(closes__gt=F("opens")),
                name="workshop_opens_before_it_closes",
            ),
            models.UniqueConstraint(fields=["workshop", "weekday", "opens"], name="workshop_opening_once"),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="workshop_weekday"),
        ]

    def __str__(self) -> str:
        return f"{self.workshop_id} {self.weekday} {self.opens}"


class ClosedDay(models.Model):
    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="closed_days")
    on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workshop", "on"], name="workshop_closed_day_once")]

    def __str__(self) -> str:
        return f"{self.workshop_id} {self.on}"


class Bay(models.Model):
    """Where one car is worked on at a time."""

    workshop = models.ForeignKey(Workshop, on_delete=models.PROTECT, related_name="bays")
    name = models.CharField(max_length=40)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workshop", "name"], name="bay_name_once")]

    def __str__(self) -> str:
        return self.name


class OfferedWork(models.Model):
    workshop = models.ForeignKey(Workshop, on_delete=models.PROTECT, related_name="works")
    code = models.SlugField(max_length=40)
    names = LocalizedTextField()
    minutes = models.PositiveSmallIntegerField()
    # Works of the maintenance plans that are done by it.
    items = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workshop", "code"], name="offered_work_once"),
            models.CheckConstraint(
                condition=Q(minutes__gte=30, minutes__lte=LONGEST_MINUTES), name="offered_work_takes_a_while"
            ),
        ]

    def __str__(self) -> str:
        return localized(self.names, "en")

    @property
    def name(self) -> str:
        return localized(self.names)


class WorkshopStaff(models.Model):
    """Whose dealer a member of staff works for: the desk shows them this workshop and no other."""

    account = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="works_at")
    workshop = models.ForeignKey(Workshop, on_delete=models.PROTECT, related_name="staff")

    class Meta:
        verbose_name_plural = "workshop staff"

    def __str__(self) -> str:
        return f"{self.account_id} {self.workshop_id}"


class StaffInvitationQuerySet(models.QuerySet["StaffInvitation"]):
    def waiting(self) -> "StaffInvitationQuerySet":
        return self.filter(accepted_at__isnull=True, ended_at__isnull=True)


class StaffInvitation(models.Model):
    """To work at a dealer's desk, to an address: accepted once, within seven days, by the account that confirmed it."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    workshop = models.ForeignKey(Workshop, on_delete=models.PROTECT, related_name="invitations")
    email = models.EmailField()
    is_manager = models.BooleanField(default=False)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Taken back, or another one was sent in its place.
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = StaffInvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workshop", "email"],
                condition=Q(accepted_at__isnull=True, ended_at__isnull=True),
                name="staff_invitation_one_waiting",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True, account__isnull=True)
                | Q(accepted_at__isnull=False, account__isnull=False, ended_at__isnull=True),
                name="staff_invitation_accepted_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.workshop_id} {self.email}"
