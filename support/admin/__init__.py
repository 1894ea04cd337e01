from support.admin import articles, cases, customer, report, same_words, timeline

__all__ = ["articles", "cases", "customer", "report", "same_words", "timeline"]
