from django.urls import path

from portal import demo_mail

urlpatterns = [
    path("", demo_mail.demo_mails, name="demo_mails"),
    path("<str:key>/", demo_mail.demo_mail, name="demo_mail"),
]
