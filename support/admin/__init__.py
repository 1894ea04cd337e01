from support.admin import articles, cases, customer, home, report, same_words, timeline

__all__ = ["articles", "cases", "customer", "home", "report", "same_words", "timeline"]
