from support.admin import articles

__all__ = ["articles"]
