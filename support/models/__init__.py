from support.models.article import Article, ArticleText, Kind, Word
from support.models.editing import ArticleDraft, ArticleVersion
from support.models.feedback import ContactOpening, FailedSearch, Reason, Vote
from support.models.recording import Recording

__all__ = [
    "Article",
    "ArticleDraft",
    "ArticleText",
    "ArticleVersion",
    "ContactOpening",
    "FailedSearch",
    "Kind",
    "Reason",
    "Recording",
    "Vote",
    "Word",
]
