from subscriptions.models.accountant import AccountantAccess
from subscriptions.models.catalogue import Package, Plan, Service
from subscriptions.models.dispute import Dispute, ProviderEvent
from subscriptions.models.document import Document, DocumentFile, NumberSeries
from subscriptions.models.payment import Payment, Refund
from subscriptions.models.subscription import Contract, Subscription, TrialUse, WithdrawalUse
from subscriptions.models.wallet import CardSetup, PaymentCard
from subscriptions.models.work import WorkItem

__all__ = [
    "AccountantAccess",
    "CardSetup",
    "Contract",
    "Dispute",
    "Document",
    "DocumentFile",
    "NumberSeries",
    "Package",
    "Payment",
    "PaymentCard",
    "Plan",
    "ProviderEvent",
    "Refund",
    "Service",
    "Subscription",
    "TrialUse",
    "WithdrawalUse",
    "WorkItem",
]
