from django.urls import path

from accounts.api import billing, views

urlpatterns = [
    path("account/", views.AccountView.as_view(), name="api_account"),
    path("billing-profile/", billing.BillingProfileView.as_view(), name="api_billing_profile"),
    path("notices/", views.NoticesView.as_view(), name="api_notices"),
    path("notices/<uuid:public_id>/read/", views.NoticeReadView.as_view(), name="api_notice_read"),
]
