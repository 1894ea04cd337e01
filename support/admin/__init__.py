from support.admin import articles, report

__all__ = ["articles", "report"]
