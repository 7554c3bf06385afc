from django.apps import AppConfig


class MailboxConfig(AppConfig):
    name = "commonground.channels.networks.mailbox"
    label = "commonground_mailbox"
    default_auto_field = "django.db.models.BigAutoField"
