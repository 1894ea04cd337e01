from support.models.article import Article, ArticleText, Kind
from support.models.case import Attachment, CannedText, Case, CaseCategory, Message, UnconfirmedMessage
from support.models.editing import ArticleDraft, ArticleVersion
from support.models.evidence import Evidence
from support.models.feedback import ContactOpening, FailedSearch, Reason, Vote
from support.models.finding import Indexed, Phrasing, SameWords, Word
from support.models.recording import Recording
from support.models.sight import SightLeave

__all__ = [
    "Article",
    "ArticleDraft",
    "ArticleText",
    "ArticleVersion",
    "Attachment",
    "CannedText",
    "Case",
    "CaseCategory",
    "ContactOpening",
    "Evidence",
    "FailedSearch",
    "Indexed",
    "Kind",
    "Message",
    "Phrasing",
    "Reason",
    "Recording",
    "SameWords",
    "SightLeave",
    "UnconfirmedMessage",
    "Vote",
    "Word",
]
