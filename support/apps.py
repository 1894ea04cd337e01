from django.apps import AppConfig


class SupportConfig(AppConfig):
    name = "support"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from accounts import accesses, closing, exporting
        from accounts.hooks import kinds as hook_kinds
        from portal import outbox
        from portal.desk.site import PAGES
        from support import exporters
        from support.actions.forget_cases import delete_files, forget_cases_of
        from support.admin.looking import looking
        from support.cases import hooks

        PAGES["search"] = looking
        hook_kinds.register(hooks.ANSWERED)
        outbox.register("case_files", delete_files)
        closing.on_closing(forget_cases_of)
        exporting.register(*exporters.EXPORTERS)
        accesses.register_subjects(
            {
                "support.case": _("A message of yours to the customer centre"),
                "support.evidence": _("A paper that was handed in about your car or a contract"),
                "support.sightleave": _("Trips and what your car reported, as you allowed for a case"),
            }
        )
