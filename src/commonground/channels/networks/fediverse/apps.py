from django.apps import AppConfig


class FediverseConfig(AppConfig):
    name = "commonground.channels.networks.fediverse"
    label = "commonground_fediverse"
    default_auto_field = "django.db.models.BigAutoField"
