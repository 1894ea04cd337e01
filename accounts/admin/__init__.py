"""The account's pages in the admin."""

from accounts.admin import account, notices, privacy, terms

__all__ = ["account", "notices", "privacy", "terms"]
