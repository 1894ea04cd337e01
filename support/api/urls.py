"""The support hub for everybody, and one's own cases."""

from django.urls import path

from support.api import cases, hub

_CASE = "cases/<uuid:public_id>/"

urlpatterns = [
    path("support/categories/", hub.CategoriesView.as_view(), name="api_support_categories"),
    path("support/articles/", hub.ArticlesView.as_view(), name="api_support_articles"),
    path("support/articles/<slug:slug>/", hub.ArticleView.as_view(), name="api_support_article"),
    path("support/status/", hub.StatusView.as_view(), name="api_support_status"),
    path("case-categories/", cases.CaseCategoriesView.as_view(), name="api_case_categories"),
    path("cases/", cases.CasesView.as_view(), name="api_cases"),
    path(_CASE, cases.CaseView.as_view(), name="api_case"),
    path(f"{_CASE}messages/", cases.CaseMessagesView.as_view(), name="api_case_messages"),
    path(f"{_CASE}files/<uuid:file>/", cases.CaseFileView.as_view(), name="api_case_file"),
]
