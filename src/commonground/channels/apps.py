from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    name = "commonground.channels"
    label = "commonground_channels"
    default_auto_field = "django.db.models.BigAutoField"
