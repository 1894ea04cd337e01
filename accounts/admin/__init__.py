"""The account's pages in the admin."""

from accounts.admin import account, dealers, notices, privacy, sign_ins, terms

__all__ = ["account", "dealers", "notices", "privacy", "sign_ins", "terms"]
