from django.apps import AppConfig


class ConnectConfig(AppConfig):
    name = "commonground.connect"
    label = "commonground_connect"
    default_auto_field = "django.db.models.BigAutoField"
