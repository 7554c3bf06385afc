from django.apps import AppConfig


class SpotConfig(AppConfig):
    name = "commonground.spot"
    label = "commonground_spot"
    default_auto_field = "django.db.models.BigAutoField"
