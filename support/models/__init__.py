from support.models.article import Article, ArticleText
from support.models.finding import Phrasing, SameWords, Word

__all__ = ["Article", "ArticleText", "Phrasing", "SameWords", "Word"]
