from django.apps import AppConfig


class HearConfig(AppConfig):
    name = "commonground.hear"
    label = "commonground_hear"
    default_auto_field = "django.db.models.BigAutoField"
