from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts import context as account_context
        from accounts import mail, security_events
        from accounts.actions.activation import send_activation_mail
        from accounts.actions.reset import send_reset_mail
        from portal import context, outbox

        outbox.register("mail", mail.send_mail)
        outbox.register("notice_mail", mail.send_notice_mail)
        outbox.register("activation_mail", send_activation_mail)
        outbox.register("reset_mail", send_reset_mail)
        security_events.connect()
        context.register("unread_notices", account_context.unread_notices_of)
        context.register("account_label", account_context.account_label)
