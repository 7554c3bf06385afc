from django.apps import AppConfig


class PushConfig(AppConfig):
    name = "commonground.channels.networks.push"
    label = "commonground_push"
    default_auto_field = "django.db.models.BigAutoField"
