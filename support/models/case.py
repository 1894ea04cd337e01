"""What customers write to the customer centre, and what it answers (H5)."""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from garage.models import Membership
from portal.models import Market
from portal.texts import LocalizedTextField, localized
from subscriptions.models import Document
from support.rules.cases import WAITING, CaseState

LONGEST_MESSAGE = 4_000
LONGEST_ABOUT = 160
CLOSED, OURS = CaseState.CLOSED.value, [each.value for each in WAITING]
# One move only, by the retention job: the words go, and who wrote when stays.
ONLY_BLANKED = """
    IF OLD.text <> '' AND NEW.text = ''
       AND to_jsonb(OLD) - 'text' = to_jsonb(NEW) - 'text'
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'Cannot update rows from support_message: what was written stays as it was (H5)';
"""


class CaseCategory(models.Model):
    """What a message can be about, by market: from a data file (`load_contact`)."""

    market = models.ForeignKey(Market, on_delete=models.PROTECT, related_name="case_categories")
    code = models.SlugField(max_length=40)
    names = LocalizedTextField()
    position = models.PositiveSmallIntegerField()
    due_days = models.PositiveSmallIntegerField(help_text="Days of opening in which an answer is due.")
    is_billing = models.BooleanField(default=False, help_text="Whether finance sees its cases (K1).")
    # One that the file does not name any more keeps its cases and takes no new ones.
    is_offered = models.BooleanField(default=True)

    class Meta:
        verbose_name_plural = "case categories"
        constraints = [models.UniqueConstraint(fields=["market", "code"], name="case_category_once_per_market")]

    def __str__(self) -> str:
        return f"{self.market_id} {self.code}"

    @property
    def name(self) -> str:
        return localized(self.names)


class CannedText(models.Model):
    """An answer that is often given, in each language, with placeholders (`support/cases/canned.py`)."""

    market = models.ForeignKey(Market, on_delete=models.PROTECT, related_name="canned_texts")
    code = models.SlugField(max_length=40)
    titles = LocalizedTextField()
    texts = LocalizedTextField()
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["market", "code"], name="canned_text_once_per_market")]

    def __str__(self) -> str:
        return localized(self.titles)


class Case(models.Model):
    """A thread between a customer and the customer centre. Its state moves by `support/rules/cases.py`."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # Drawn, not counted: it tells nothing of how many there are.
    number = models.CharField(max_length=16, unique=True)
    market = models.ForeignKey(Market, on_delete=models.PROTECT, related_name="cases")
    # None: somebody without an account, known by the address alone.
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="cases"
    )
    # Of who wrote signed out, and confirmed the address; answers go there, with a link to the thread.
    email = models.EmailField(blank=True)
    name = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=5)
    category = models.ForeignKey(CaseCategory, on_delete=models.PROTECT, related_name="cases")
    # From where it was opened: a kind of `support/cases/prefilled.py`, the key of that thing, and what it is in words.
    about_kind = models.CharField(max_length=20, blank=True)
    about_key = models.CharField(max_length=200, blank=True)
    about = models.CharField(max_length=LONGEST_ABOUT, blank=True)
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="cases")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, blank=True, related_name="cases")
    state = models.CharField(max_length=20, default=CaseState.NEW.value)
    # Who of the staff looks after it; nobody yet.
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="cases_owned"
    )
    opened_at = models.DateTimeField()
    # Since when it is the customer centre's turn, and until when; empty while it is not.
    waiting_since = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    last_at = models.DateTimeField(help_text="When something was written last.")
    closed_at = models.DateTimeField(null=True, blank=True)
    # Its words and files are gone.
    blanked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        permissions = [("view_every_case", "Can view cases of every category")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[each.value for each in CaseState]), name="case_state_known"),
            models.CheckConstraint(
                condition=Q(state=CLOSED, closed_at__isnull=False) | (~Q(state=CLOSED) & Q(closed_at__isnull=True)),
                name="case_closed_with_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(state__in=OURS, due_at__isnull=False, waiting_since__isnull=False)
                | (~Q(state__in=OURS) & Q(due_at__isnull=True, waiting_since__isnull=True)),
                name="case_due_while_it_waits_for_us",
            ),
            models.CheckConstraint(
                condition=Q(account__isnull=False) | ~Q(email="") | Q(blanked_at__isnull=False),
                name="case_has_somebody_to_answer",
            ),
            models.CheckConstraint(
                condition=Q(blanked_at__isnull=True) | Q(state=CLOSED, email="", name="", about=""),
                name="case_blanked_once_closed",
            ),
        ]
        indexes = [
            models.Index(fields=["account", "-last_at"], name="case_of_account"),
            models.Index(fields=["due_at", "-last_at", "-id"], name="case_waiting"),
            models.Index(fields=["email"], name="case_address"),
            models.Index(fields=["closed_at"], condition=Q(blanked_at__isnull=True), name="case_to_blank"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_waiting(self) -> bool:
        return self.state in WAITING

    @property
    def is_closed(self) -> bool:
        return self.state == CaseState.CLOSED

    @property
    def is_answered(self) -> bool:
        return self.state == CaseState.WAITING_CUSTOMER

    @property
    def is_blanked(self) -> bool:
        return self.blanked_at is not None


class Message(models.Model):
    """Something that was written in a case: it stays as it was written."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="messages")
    at = models.DateTimeField()
    is_from_staff = models.BooleanField(default=False)
    # None: whoever has the case's address.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    text = models.TextField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_from_staff=False) | Q(by__isnull=False), name="message_of_staff_by_somebody"
            )
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="only_blanked", operation=pgtrigger.Update, when=pgtrigger.Before, func=ONLY_BLANKED
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.at:%Y-%m-%d %H:%M}"


class Attachment(models.Model):
    """A file of a message, behind the storage under a name that nobody can guess. It goes with the message's words."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="attachments")
    # As it was called, without what could mislead; what kind it is was read from its content.
    name = models.CharField(max_length=100)
    media_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    path = models.CharField(max_length=120, unique=True)

    def __str__(self) -> str:
        return self.name


class UnconfirmedMessage(models.Model):
    """Written signed out; no case, and seen by nobody, before its address is confirmed by the link that was mailed."""

    # Of the link's key: whoever reads the database cannot confirm.
    key_sha256 = models.CharField(max_length=64, unique=True)
    market = models.ForeignKey(Market, on_delete=models.PROTECT, related_name="+")
    email = models.EmailField()
    name = models.CharField(max_length=120)
    language = models.CharField(max_length=5)
    category = models.ForeignKey(CaseCategory, on_delete=models.PROTECT, related_name="+")
    about_kind = models.CharField(max_length=20, blank=True)
    about_key = models.CharField(max_length=200, blank=True)
    about = models.CharField(max_length=LONGEST_ABOUT, blank=True)
    text = models.TextField()
    # Of each file `{"name": ..., "media_type": ..., "size": ..., "path": ...}`.
    files = models.JSONField(default=list)
    written_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["written_at"], name="unconfirmed_age")]

    def __str__(self) -> str:
        return f"{self.written_at:%Y-%m-%d %H:%M}"
