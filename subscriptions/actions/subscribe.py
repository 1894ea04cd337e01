"""Ordering a plan for a vehicle (S2, S3, S7, S11), and taking up a complimentary period (C4)."""

from datetime import date, datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import current_terms
from accounts.models import Account, TermsVersion
from garage.models import Membership, Vehicle
from garage.rules.warranty import free_years_start
from portal import audit
from portal.refusals import Refusal
from subscriptions.actions.collect import send, start_payment
from subscriptions.actions.conclude import conclude_order
from subscriptions.actions.end import end_now
from subscriptions.actions.wallet import PROVIDER_DOWN, primary_card
from subscriptions.gateway.port import Gateway
from subscriptions.models import Package, Payment, Plan, Subscription, TrialUse
from subscriptions.rules.complimentary import complimentary_months, complimentary_period
from subscriptions.rules.eligibility import CarFacts, what_is_missing
from subscriptions.rules.lifecycle import EndReason, Status
from subscriptions.rules.periods import TRIAL_MONTHS, Period
from subscriptions.rules.reasons import decline_sentence
from subscriptions.telling import tell_about
