from support.admin import articles, cases

__all__ = ["articles", "cases"]
