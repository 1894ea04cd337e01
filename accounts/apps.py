from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from functools import partial

        from django.utils.translation import gettext_lazy as _

        from accounts import barring, exporters, exporting, mail, security_events, undelivered
        from accounts import context as account_context
        from accounts.actions.activation import send_activation_mail
        from accounts.actions.closing import forget_account
        from accounts.actions.export import write_export
        from accounts.actions.reset import send_reset_mail
        from accounts.api.gates import terms_are_accepted, use_is_noted
        from accounts.hooks import kinds as hook_kinds
        from accounts.hooks import own as own_events
        from accounts.hooks.measures import webhooks
        from accounts.identity.keys import read_keys_once
        from accounts.reaching import signed_in_clients
        from portal import context, outbox, reach
        from portal.api import gates
        from portal.clock import database_now
        from portal.operating import measures as operating

        exporting.register(*exporters.EXPORTERS)
        outbox.register("forget_account", forget_account)
        outbox.register("data_export", partial(write_export, clock=database_now))
        outbox.register("mail", mail.send_mail, if_parked=undelivered.keep_undelivered, is_never_asked_again=True)
        outbox.register("notice_mail", mail.send_notice_mail, if_parked=undelivered.keep_undelivered, queue="mails")
        outbox.register("activation_mail", send_activation_mail, is_never_asked_again=True)
        outbox.register("reset_mail", send_reset_mail, is_never_asked_again=True)
        hook_kinds.register(*own_events.KINDS)
        operating.register(webhooks)
        read_keys_once()
        security_events.connect()
        context.register("unread_notices", account_context.unread_notices_of)
        context.register("terms_banner", account_context.terms_banner)
        context.register("barred_until", barring.barred_until_of)
        context.register("account_label", account_context.account_label)
        reach.register(
            _("Apps and cars that are signed in"),
            signed_in_clients,
            nobody=_("No app and no car is signed in to your account."),
        )
        gates.register(use_is_noted)
        gates.register(terms_are_accepted)
