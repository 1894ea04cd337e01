from support.admin import articles, cases, customer, evidence, home, report, same_words, timeline

__all__ = ["articles", "cases", "customer", "evidence", "home", "report", "same_words", "timeline"]
