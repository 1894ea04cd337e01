"""The account's pages in the admin."""

from accounts.admin import account, dealers, notices, privacy, terms

__all__ = ["account", "dealers", "notices", "privacy", "terms"]
