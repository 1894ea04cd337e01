from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts import mail
        from accounts.actions.activation import send_activation_mail
        from portal import outbox

        outbox.register("mail", mail.send_mail)
        outbox.register("notice_mail", mail.send_notice_mail)
        outbox.register("activation_mail", send_activation_mail)
