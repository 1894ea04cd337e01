"""The Connected Services Centre of a car, as the app and the car are told of it (C1, G11)."""

from datetime import date
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from garage.rules.membership import Right
from subscriptions.api.connectivity import MissingSerializer
from subscriptions.api.serializers import Money
from subscriptions.centre.limits import LimitedOffer, Limits
from subscriptions.centre.next_step import NextStep, may_order, next_step
from subscriptions.centre.priced import Priced
from subscriptions.models import Service, Subscription
from subscriptions.rules.not_working import Work
from subscriptions.rules.offer import OfferState
from subscriptions.templatetags.subscriptions import PAID_FOR, badge_of
from subscriptions.words.packages import needs_of_service
from subscriptions.words.terms import term_name

CAPABLE = "capable"
OFFER_STATES = [*(str(state) for state in OfferState), CAPABLE]


class PriceSerializer(serializers.Serializer):
    term = serializers.CharField(help_text="monthly, yearly or four-yearly: what an order names.")
    term_name = serializers.SerializerMethodField()
    term_months = serializers.IntegerField()
    price = Money(help_text="Gross, for the whole term.")
    per_month = Money()

    def get_term_name(self, priced: Priced) -> str:
        return term_name(priced.term)


class FreePeriodSerializer(serializers.Serializer):
    """C4: it counts whether or not it was taken up."""

    starts_on = serializers.DateField(source="free_period.start_on")
    ends_on = serializers.DateField(source="free_period.end_on", help_text="The first day without it.")
    months = serializers.IntegerField(source="free_months")
    months_passed = serializers.IntegerField(source="free_months_passed")


class PackageServiceSerializer(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField()
    needs = serializers.SerializerMethodField(help_text="What it asks for beside its package; empty: nothing.")

    def get_needs(self, service: Service) -> str:
        return needs_of_service(service)


class OfferedServiceSerializer(PackageServiceSerializer):
    missing = serializers.SerializerMethodField(help_text="Why it does not work on this car; empty if it does.")

    @extend_schema_field(MissingSerializer(many=True))
    def get_missing(self, service: Service) -> Any:
        return MissingSerializer(self.context["without"].get(service.pk, []), many=True).data


class LimitsSerializer(serializers.Serializer):
    """What limits it just now, beside its state."""

    work = serializers.ChoiceField(choices=[str(work) for work in Work])
    words = serializers.CharField(help_text="The incident or the maintenance; empty: none.")
    begins = serializers.CharField(help_text="Of a maintenance that is announced.")
    privacy_mode = serializers.CharField(source="limited", help_text="The services that Privacy Mode limits now.")


class OfferedPackageSerializer(serializers.Serializer):
    """One package for the car: its state, its dates and prices, and the one next step."""

    code = serializers.CharField(source="offer.package.code")
    name = serializers.CharField(source="offer.package.name")
    description = serializers.CharField(source="offer.package.description")
    services = serializers.SerializerMethodField()
    needs_package = serializers.CharField(
        source="offer.package.base.code", default=None, allow_null=True, help_text="What an add-on belongs to."
    )
    state = serializers.SerializerMethodField(help_text="For who controls the car; others see that it runs, or could.")
    state_words = serializers.SerializerMethodField()
    missing = MissingSerializer(source="offer.missing", many=True, help_text="All that stands against it.")
    limits = serializers.SerializerMethodField(help_text="Null before access is proved.")
    free_period = serializers.SerializerMethodField(help_text="That runs, taken up or not, or is to begin.")
    subscription = serializers.SerializerMethodField(help_text="That runs.")
    ordered_ahead = serializers.SerializerMethodField(help_text="That starts when the free period ends.")
    ends_on = serializers.SerializerMethodField(help_text="The first day without it, where that is known.")
    next_charge_on = serializers.SerializerMethodField()
    prices = serializers.SerializerMethodField(help_text="To be ordered; of what is paid for, its own.")
    gives_trial = serializers.SerializerMethodField(help_text="The first month would be free.")
    next_step = serializers.SerializerMethodField()
    may_order = serializers.SerializerMethodField(help_text="Now, or ahead while the free period runs.")

    @extend_schema_field(OfferedServiceSerializer(many=True))
    def get_services(self, row: LimitedOffer) -> Any:
        services, context = row.offer.package.services.all(), {"without": row.offer.without}
        return OfferedServiceSerializer(services, many=True, context=context).data

    @extend_schema_field(serializers.ChoiceField(choices=OFFER_STATES))
    def get_state(self, row: LimitedOffer) -> str:
        state, membership = row.offer.state, self.context["membership"]
        if state is OfferState.UNAVAILABLE or self._controls:
            return state
        if not membership.may(Right.SERVICE_STATE):
            return CAPABLE
        return OfferState.PAID if state in PAID_FOR else state

    def get_state_words(self, row: LimitedOffer) -> str:
        return str(badge_of(row.offer.state, self.context["membership"])[1])

    @extend_schema_field(LimitsSerializer(allow_null=True))
    def get_limits(self, row: LimitedOffer) -> Any:
        limits: Limits = row.limits
        return LimitsSerializer(limits).data if self.context["membership"].may(Right.SERVICE_STATE) else None

    @extend_schema_field(FreePeriodSerializer(allow_null=True))
    def get_free_period(self, row: LimitedOffer) -> Any:
        is_free = row.offer.is_in_free_period or row.offer.is_included_later
        is_shown = self._controls and is_free and row.offer.free_period
        return FreePeriodSerializer(row.offer).data if is_shown else None

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_subscription(self, row: LimitedOffer) -> str | None:
        return self._named(row.offer.subscription)

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_ordered_ahead(self, row: LimitedOffer) -> str | None:
        return self._named(row.offer.ordered_ahead)

    def get_ends_on(self, row: LimitedOffer) -> date | None:
        own = row.offer.subscription
        return (own.ends_on if own else row.offer.ended_on) if self._controls else None

    def get_next_charge_on(self, row: LimitedOffer) -> date | None:
        own = row.offer.subscription
        return own.next_charge_on if own and self._controls else None

    @extend_schema_field(PriceSerializer(many=True))
    def get_prices(self, row: LimitedOffer) -> Any:
        return PriceSerializer(row.offer.prices if self._controls else [], many=True).data

    def get_gives_trial(self, row: LimitedOffer) -> bool:
        return self._controls and row.offer.gives_trial and not row.offer.subscription

    @extend_schema_field(serializers.ChoiceField(choices=[str(step) for step in NextStep]))
    def get_next_step(self, row: LimitedOffer) -> str:
        return next_step(row.offer, self.context["membership"])

    def get_may_order(self, row: LimitedOffer) -> bool:
        return may_order(row.offer, self.context["membership"])

    @property
    def _controls(self) -> bool:
        return self.context["membership"].may(Right.CONTROL)

    def _named(self, row: Subscription | None) -> str | None:
        return str(row.public_id) if row and self._controls else None


class SuiteSerializer(serializers.Serializer):
    """Each is activated separately."""

    code = serializers.CharField(help_text="app or multimedia")
    name = serializers.CharField(source="label")
    missing_step = serializers.CharField(
        source="step.text", default=None, allow_null=True, help_text="What is still to be done, for the person."
    )
    packages = OfferedPackageSerializer(source="rows", many=True)


class CentreSerializer(serializers.Serializer):
    controls = serializers.BooleanField(help_text="This account is the active one, which alone orders and cancels.")
    sees_state = serializers.BooleanField(help_text="Else it is told what the car is made for, and nothing more.")
    currency = serializers.CharField()
    suites = SuiteSerializer(many=True)
