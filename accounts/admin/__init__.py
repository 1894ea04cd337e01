"""The account's pages in the admin."""

from accounts.admin import account, activation, customer, dealers, notices, privacy, sign_ins, terms, timeline

__all__ = ["account", "activation", "customer", "dealers", "notices", "privacy", "sign_ins", "terms", "timeline"]
