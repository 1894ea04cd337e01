from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts import context as account_context
        from accounts import mail
        from accounts.actions.activation import send_activation_mail
        from accounts.api.gates import terms_are_accepted, use_is_noted
        from portal import context, outbox
        from portal.api import gates

        outbox.register("mail", mail.send_mail)
        outbox.register("notice_mail", mail.send_notice_mail)
        outbox.register("activation_mail", send_activation_mail)
        context.register("unread_notices", account_context.unread_notices_of)
        context.register("account_label", account_context.account_label)
        gates.register(use_is_noted)
        gates.register(terms_are_accepted)
