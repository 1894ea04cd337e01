from support.admin import articles, cases, report

__all__ = ["articles", "cases", "report"]
