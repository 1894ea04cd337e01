from support.models.article import Article, ArticleText, Word

__all__ = ["Article", "ArticleText", "Word"]
