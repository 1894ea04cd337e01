"""What every app shares: brand, legal entity and market as data, the audit trail, and the outbox."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q

from portal.texts import LocalizedTextField, localized


class Brand(models.Model):
    code = models.SlugField(unique=True)
    name = models.CharField(max_length=80)
    portal_name = models.CharField(max_length=80)
    app_name = models.CharField(max_length=80)
    customer_centre = LocalizedTextField()
    # Accents of the site in light and dark, as hex colours that hold 4.5:1 against the canvas.
    accent_light = models.CharField(max_length=7)
    accent_dark = models.CharField(max_length=7)
    # What the VINs of the brand's own cars begin with (G2); where it is empty, any maker's VIN is asked for.
    vin_prefixes = ArrayField(models.CharField(max_length=3), default=list, blank=True)

    def __str__(self) -> str:
        return self.name


class LegalEntity(models.Model):
    """Who sells: the party named on invoices, and the owner of their number series (I2)."""

    code = models.SlugField(unique=True)
    # Begins each of its numbers, so that two sellers never give the same one.
    series = models.CharField(max_length=8, unique=True)
    name = models.CharField(max_length=160)
    address_lines = ArrayField(models.CharField(max_length=160))
    country = models.CharField(max_length=2)
    vat_number = models.CharField(max_length=20)
    registration = models.CharField(max_length=80, blank=True)
    email = models.EmailField()

    class Meta:
        verbose_name_plural = "legal entities"

    def __str__(self) -> str:
        return self.name


class Market(models.Model):
    """A country in which the brand sells: its money, clock, languages, and the numbers the rules call a market's."""

    code = models.CharField(max_length=2, unique=True)
    names = LocalizedTextField()
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT)
    legal_entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT)
    is_default = models.BooleanField(default=False)
    currency = models.CharField(max_length=3)
    vat_rate = models.DecimalField(
        max_digits=5, decimal_places=2, help_text="Percentage, 19.00 for 19 %. Where no dated rate is kept."
    )
    time_zone = models.CharField(max_length=40)
    languages = ArrayField(models.CharField(max_length=5))
    card_brands = ArrayField(models.CharField(max_length=20))
    card_funding = ArrayField(models.CharField(max_length=20))
    card_processor = LocalizedTextField(help_text="Who stores and who processes card data (W1).")
    odometer_tolerance_km = models.PositiveIntegerField(default=5)
    # V2: so many wrong readings of one car, by all accounts together, within so many days.
    wrong_readings_per_car = models.PositiveSmallIntegerField(default=12)
    wrong_readings_days = models.PositiveSmallIntegerField(default=30)
    shows_ordered_cars = models.BooleanField(default=False, help_text="Whether My Garage shows ordered cars (G4).")
    sells_in_portal = models.BooleanField(
        default=True, help_text="Whether services are sold on these pages; else in the app alone (C8)."
    )
    order_ahead_days = models.PositiveSmallIntegerField(
        default=0,
        help_text="Days before a free period ends from which its plan can be ordered, to start then (C4).",
    )
    control_request_days = models.PositiveSmallIntegerField(
        default=3, help_text="Days in which the active account may answer a request for control (V4)."
    )
    control_offer_days = models.PositiveSmallIntegerField(
        default=7, help_text="Days for which an offer of control is good (V4)."
    )
    trade_in_days = models.PositiveSmallIntegerField(
        default=3, help_text="Days in which an owner may object that a dealer took its car in trade (K1)."
    )
    refund_days = models.PositiveIntegerField(default=7, help_text="Days until a refund should have arrived (X6).")
    refund_alone_up_to = models.DecimalField(
        max_digits=8,
        decimal_places=2,
        default=50,
        help_text="Gross that one person of finance may give back of a charge; above it two (K3).",
    )
    goodwill_days = models.PositiveSmallIntegerField(
        default=90, help_text="Days by which staff may move the end of one subscription, all together (K3)."
    )
    terms_days = models.PositiveSmallIntegerField(
        default=14, help_text="Days for an account of an older head unit to accept the Terms (A2)."
    )
    document_years = models.PositiveSmallIntegerField(
        default=6,
        help_text="Full calendar years for which the buyer stays on a document, after the year of issue (I4).",
    )
    document_years_source = models.CharField(max_length=300, blank=True)
    notice_months = models.PositiveSmallIntegerField(
        default=24, help_text="Months for which notices stay in the inbox (N2)."
    )
    case_months = models.PositiveSmallIntegerField(
        default=24, help_text="Months for which the words of a closed case are kept, after it was closed (H5)."
    )
    # Telephone, hours, e-mail, address: what the contact page, footer and mails show.
    contact = models.JSONField(default=dict)
    # Texts of law per kind and language: {"privacy": {"en": "...", "el": "..."}, ...}.
    legal_texts = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["is_default"], condition=Q(is_default=True), name="market_one_default"),
            models.CheckConstraint(condition=Q(vat_rate__gte=0, vat_rate__lt=100), name="market_vat_rate_percentage"),
            models.CheckConstraint(condition=Q(order_ahead_days__lte=60), name="market_orders_sixty_days_ahead"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def name(self) -> str:
        return localized(self.names)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def local_date(self, moment: datetime) -> date:
        """The calendar date in the market's time zone; every date of a contract is taken this way."""
        return moment.astimezone(self.zone).date()


class VatRate(models.Model):
    """A country's VAT from a day on; what is dated ahead comes into force by itself. Contracts keep theirs (S10)."""

    country = models.CharField(max_length=2)
    valid_from = models.DateField()
    rate = models.DecimalField(max_digits=5, decimal_places=2, help_text="Percentage.")
    category = models.CharField(
        max_length=2, default="S", help_text="EN 16931: S, Z zero, E exempt, AE reverse charge."
    )
    reason = models.CharField(max_length=160, blank=True, help_text="Why nothing is charged, as documents say it.")
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = "VAT rate"
        verbose_name_plural = "VAT rates"
        constraints = [
            models.UniqueConstraint(fields=["country", "valid_from"], name="vat_rate_once_per_day"),
            models.CheckConstraint(condition=Q(rate__gte=0, rate__lt=100), name="vat_rate_percentage"),
            models.CheckConstraint(
                condition=Q(category="S", rate__gt=0) | Q(category__in=["Z", "E", "AE"], rate=0),
                name="vat_rate_fits_category",
            ),
            models.CheckConstraint(
                condition=Q(category__in=["E", "AE"]) ^ Q(reason=""), name="vat_rate_exemption_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.country} {self.valid_from}: {self.rate} %"


def never_emptied(table: str) -> pgtrigger.Trigger:
    """Beside a row's own protection: a TRUNCATE asks no row. It holds for the owner of the table as for anybody."""
    return pgtrigger.Trigger(
        name="never_emptied",
        level=pgtrigger.Statement,
        operation=pgtrigger.Truncate,
        when=pgtrigger.Before,
        func=f"RAISE EXCEPTION 'Cannot truncate {table}: it is only appended to';",
    )


# What of a record's data can tell who somebody is, or was typed by somebody.
PERSONAL_DATA = ("email", "from", "to", "reason", "note")
# Longer than any document keeps its buyer (I4). After it one move only, and it changes nothing but these.
ONLY_BLANKED = """
    IF OLD.at < clock_timestamp() - interval '7 years'
       AND NEW.data = OLD.data - '{email,from,to,reason,note}'::text[]
       AND to_jsonb(OLD) - 'data' = to_jsonb(NEW) - 'data'
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'Cannot update rows from portal_auditrecord: it is only appended to';
"""


class AuditRecord(models.Model):
    """One line per change that a customer could see: who, when, what, why. Timeline, audit and rehearsal read it."""

    at = models.DateTimeField()
    on = models.DateField(help_text="The date in the market's time zone.")
    what = models.CharField(max_length=40)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="audit_records"
    )
    # Null: the system itself, on its schedule.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    subject_type = models.CharField(max_length=40, blank=True)
    subject_id = models.BigIntegerField(null=True)
    data = models.JSONField(default=dict)

    class Meta:
        permissions = [("export_lists", "Can export the rows that a list of the desk shows")]
        indexes = [
            models.Index(fields=["account", "id"], name="audit_of_account"),
            models.Index(fields=["subject_type", "subject_id", "id"], name="audit_of_subject"),
            models.Index(fields=["what", "id"], name="audit_of_kind"),
            # Rows come in the order of their time: a page of a day is found by a few blocks.
            BrinIndex(fields=["at"], name="audit_of_day", autosummarize=True),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="only_blanked", operation=pgtrigger.Update, when=pgtrigger.Before, func=ONLY_BLANKED
            ),
            never_emptied("portal_auditrecord"),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.what}"


class OutboxMessage(models.Model):
    """Work that leaves on commit: it is done when its handler has returned, not when a broker has taken it (law 10)."""

    handler = models.CharField(max_length=60)
    payload = models.JSONField(default=dict)
    # The same work is asked for once, however often the action runs.
    dedup_key = models.CharField(max_length=200, unique=True)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(
        help_text="Not before this moment: now at first, later after a failure; also the lease."
    )
    attempts = models.PositiveIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    # Tried too often: waits for staff.
    parked_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(done_at__isnull=True, parked_at__isnull=True), name="outbox_waiting"
            ),
            models.Index(fields=["parked_at"], condition=Q(parked_at__isnull=False), name="outbox_parked"),
            models.Index(fields=["done_at"], condition=~Q(payload={}), name="outbox_to_forget"),
        ]

    def __str__(self) -> str:
        return f"{self.handler} {self.dedup_key}"


class StaffRead(models.Model):
    """A member of staff opened a page about a customer (D1): the customer sees role, what and when, and no name."""

    at = models.DateTimeField()
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="staff_reads")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # The roles as they were at that moment, parted by commas.
    role = models.CharField(max_length=80)
    subject_type = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    # The ten minutes in which it was: looking again within them is one read.
    span = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["by", "account", "subject_type", "subject_id", "span"], name="staff_read_once_per_span"
            )
        ]
        indexes = [
            models.Index(fields=["account", "-at"], name="staff_read_of_account"),
            BrinIndex(fields=["at"], name="staff_read_of_day", autosummarize=True),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            never_emptied("portal_staffread"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.role} {self.subject_type}"


class IdempotentCall(models.Model):
    """A writing call of the API that must happen once: its key, and the answer that is given again (docs/api.md)."""

    # None: of a machine, which calls in nobody's name.
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+")
    # The app's or head unit's: two of them may hit upon the same key.
    client = models.CharField(max_length=100)
    key = models.CharField(max_length=100)
    # Of method, address and body, so that a key is not used for something else.
    fingerprint = models.CharField(max_length=64)
    begun_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(null=True)
    content_type = models.CharField(max_length=60, blank=True)
    body = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client", "account", "key"], nulls_distinct=False, name="idempotent_call_once"
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, status__isnull=True)
                | Q(answered_at__isnull=False, status__isnull=False),
                name="idempotent_call_answered_with_status",
            ),
        ]
        indexes = [models.Index(fields=["begun_at"], name="idempotent_call_age")]

    def __str__(self) -> str:
        return f"{self.client} {self.key}"


class Origin(models.Model):
    """Where a row came from that was taken over from the system before this one (docs/moving-in.md): the unique row by
    which nothing is taken twice. Never changed."""

    KINDS = ("account", "link", "card", "subscription", "right", "document")

    kind = models.CharField(max_length=12, choices=[(kind, kind) for kind in KINDS])
    # What the row was called there; of a link the account and the VIN.
    old_id = models.CharField(max_length=100)
    # The key of the row here.
    row_id = models.BigIntegerField()
    # The directory's name, and the line of the file.
    source = models.CharField(max_length=100)
    line = models.PositiveIntegerField()
    taken_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "old_id"], name="origin_taken_once")]
        indexes = [models.Index(fields=["kind", "row_id"], name="origin_of_row")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.kind} {self.old_id}"
