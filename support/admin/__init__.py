from support.admin import articles, same_words

__all__ = ["articles", "same_words"]
