"""The roof: every address of the site. Pages have their language in the path; technical addresses have none."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from portal import views, web_app
from portal.api import pages
from portal.operating import views as operating

handler500 = "portal.operating.unavailable.failed"

urlpatterns = [
    path("brand.css", views.brand_css, name="brand_css"),
    path("alive/", operating.alive, name="alive"),
    path("ready/", operating.ready, name="ready"),
    path("metrics/", operating.numbers, name="metrics"),
    # Browsers ask for it where a page names no icon (admin, the PDF viewer).
    path("favicon.ico", views.favicon, name="favicon"),
    path("service-worker.js", web_app.service_worker, name="service_worker"),
    path("offline/", web_app.offline, name="offline"),
    path("webhooks/", include("subscriptions.webhook_urls")),
    path("calendar/", include("accounts.calendar_urls")),
    path("api/v1/", include("portal.api_urls")),
    path("", include("accounts.identity_urls")),
    path("admin/", admin.site.urls),
    *i18n_patterns(
        # First, as nothing but its own addresses begin so: the others need not be tried for what most visitors read.
        path("support/", include("support.urls")),
        path("app.webmanifest", web_app.manifest, name="web_manifest"),
        path("developers/", pages.developers, name="developers"),
        path("", include("accounts.hooks.urls")),
        path("developers/<slug:section>/", pages.developers_section, name="developers_section"),
        path("", include("subscriptions.urls")),
        path("", include("garage.urls")),
        path("", include("accounts.urls")),
    ),
]

if settings.MODE in {"demo", "development"}:
    from portal import demo_mail

    urlpatterns += [
        path("demo/mail/", demo_mail.mailbox, name="demo_mailbox"),
        path("demo/mail/<str:key>/", demo_mail.message, name="demo_mail"),
        path("styleguide/", include("portal.styleguide.urls")),
    ]
