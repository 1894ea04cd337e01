from subscriptions.models.accountant import AccountantAccess
from subscriptions.models.bundle import DocumentBundle
from subscriptions.models.catalogue import Discontinuation, Package, Plan, Service
from subscriptions.models.catalogue_version import CatalogueVersion
from subscriptions.models.contract import Contract, TrialUse, WithdrawalUse
from subscriptions.models.dispute import Dispute, ProviderEvent
from subscriptions.models.document import Document, DocumentFile, NumberSeries
from subscriptions.models.extension import Extension
from subscriptions.models.giving_back import GivingBack
from subscriptions.models.incident import ServiceIncident
from subscriptions.models.moving_in import OldDocument, TakenOver
from subscriptions.models.payment import Payment, Refund
from subscriptions.models.pricing import ContractAmendment, PriceChange, PriceOffer
from subscriptions.models.provisioning import Provisioning
from subscriptions.models.referral import Referral
from subscriptions.models.subscription import Subscription
from subscriptions.models.term import PlannedChange
from subscriptions.models.transfer import BankTransfer
from subscriptions.models.wallet import CardSetup, PaymentCard
from subscriptions.models.work import WorkItem

__all__ = [
    "AccountantAccess",
    "BankTransfer",
    "CardSetup",
    "CatalogueVersion",
    "Contract",
    "ContractAmendment",
    "Discontinuation",
    "Dispute",
    "Document",
    "DocumentBundle",
    "DocumentFile",
    "Extension",
    "GivingBack",
    "NumberSeries",
    "OldDocument",
    "Package",
    "Payment",
    "PaymentCard",
    "Plan",
    "PlannedChange",
    "PriceChange",
    "PriceOffer",
    "ProviderEvent",
    "Provisioning",
    "Referral",
    "Refund",
    "Service",
    "ServiceIncident",
    "Subscription",
    "TakenOver",
    "TrialUse",
    "WithdrawalUse",
    "WorkItem",
]
