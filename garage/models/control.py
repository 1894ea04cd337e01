"""Who has control of a car: from when to when, and how it changes hands (V4, D4)."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from garage.models.vehicle import Vehicle
from garage.rules import control as rules
from garage.rules.control import OPEN, State, Way


class ControlPeriod(models.Model):
    """An account had control of a car in [`started_at`, `ended_at`): what arose in it is the account's own (D4)."""

    vehicle = models.ForeignKey(Vehicle, on_delete=models.PROTECT, related_name="control_periods")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="control_periods")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["vehicle"], condition=Q(ended_at__isnull=True), name="control_period_one_now"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")),
                name="control_period_ends_after_it_started",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.vehicle_id} {self.account_id} {self.started_at}"


class ControlTransferQuerySet(models.QuerySet["ControlTransfer"]):
    def open(self) -> "ControlTransferQuerySet":
        return self.filter(state__in=sorted(OPEN))

    def offers(self) -> "ControlTransferQuerySet":
        return self.filter(way=Way.OFFER)

    def requests(self) -> "ControlTransferQuerySet":
        return self.filter(way=Way.REQUEST)


class ControlTransfer(models.Model):
    """Control is offered by the active account, or asked for by another one. The row stays, and says what became."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    vehicle = models.ForeignKey(Vehicle, on_delete=models.PROTECT, related_name="control_transfers")
    way = models.CharField(max_length=8, choices=[(way, way) for way in Way])
    state = models.CharField(max_length=12, choices=[(state, state) for state in State], default=State.WAITING)
    # The account that was active when it began.
    giver = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="control_given")
    # Of an offer: whoever takes it; nobody yet. Of a request: who asks.
    taker = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="control_taken"
    )
    # Of an offer: the address that the giver typed. Only an account that has confirmed it can take it.
    email = models.EmailField(blank=True)
    begun_at = models.DateTimeField()
    # Then an offer expires, and a request that nobody answered moves.
    due_at = models.DateTimeField()
    # Of an offer: what the giver has confirmed would end, by the day on which it is taken (X10).
    confirmed = models.JSONField(default=dict, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    objected_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    # Who of the staff decided about a request that was objected to, and why.
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(max_length=300, blank=True)

    objects = ControlTransferQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["vehicle"],
                condition=Q(way=Way.OFFER, state__in=sorted(OPEN)),
                name="control_one_open_offer_of_a_car",
            ),
            models.UniqueConstraint(
                fields=["vehicle", "taker"],
                condition=Q(way=Way.REQUEST, state__in=sorted(OPEN)),
                name="control_one_open_request_of_an_account",
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(OPEN), ended_at__isnull=True)
                | (~Q(state__in=sorted(OPEN)) & Q(ended_at__isnull=False)),
                name="control_ended_when_no_more_open",
            ),
            models.CheckConstraint(
                condition=Q(way=Way.REQUEST, email="", taker__isnull=False) | (Q(way=Way.OFFER) & ~Q(email="")),
                name="control_request_has_taker_offer_has_address",
            ),
            models.CheckConstraint(
                condition=Q(taker__isnull=True) | ~Q(taker=F("giver")), name="control_goes_to_another_account"
            ),
            models.CheckConstraint(
                condition=~Q(state=State.OBJECTED) | Q(objected_at__isnull=False), name="control_objected_has_its_time"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(reason=""), name="control_decided_with_a_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state__in=sorted(OPEN)), name="control_transfer_due"),
            models.Index(fields=["vehicle", "state"], name="control_transfer_of_vehicle"),
            models.Index(fields=["email"], name="control_transfer_address"),
        ]

    def __str__(self) -> str:
        return f"{self.way} {self.vehicle_id} {self.state}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_offer(self) -> bool:
        return self.way == Way.OFFER

    @property
    def is_waiting(self) -> bool:
        return self.state == State.WAITING

    @property
    def is_to_confirm(self) -> bool:
        return self.state == State.TO_CONFIRM

    @property
    def is_objected(self) -> bool:
        return self.state == State.OBJECTED

    def move_to(self, state: State, *, now: datetime) -> None:
        """Within the caller's lock on the vehicle. Raises `IllegalMove`; the caller saves nothing more."""
        rules.check_move(Way(self.way), State(self.state), state)
        self.state = state
        self.ended_at = None if state in OPEN else now
        self.save(
            update_fields=[
                "state",
                "ended_at",
                "taker",
                "confirmed",
                "accepted_at",
                "objected_at",
                "reason",
                "decided_by",
            ]
        )
