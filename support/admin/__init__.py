from support.admin import articles, cases, report, same_words

__all__ = ["articles", "cases", "report", "same_words"]
