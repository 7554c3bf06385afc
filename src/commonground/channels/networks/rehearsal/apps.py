from django.apps import AppConfig


class RehearsalConfig(AppConfig):
    name = "commonground.channels.networks.rehearsal"
    label = "commonground_rehearsal"
    default_auto_field = "django.db.models.BigAutoField"
