from django.apps import AppConfig


class MailConfig(AppConfig):
    name = "commonground.channels.networks.mail"
    label = "commonground_mail"
    default_auto_field = "django.db.models.BigAutoField"
