from support.models.article import Article, ArticleText, Word
from support.models.case import Attachment, CannedText, Case, CaseCategory, Message, UnconfirmedMessage

__all__ = [
    "Article",
    "ArticleText",
    "Attachment",
    "CannedText",
    "Case",
    "CaseCategory",
    "Message",
    "UnconfirmedMessage",
    "Word",
]
