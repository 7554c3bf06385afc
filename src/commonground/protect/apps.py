from django.apps import AppConfig


class ProtectConfig(AppConfig):
    name = "commonground.protect"
    label = "commonground_protect"
    default_auto_field = "django.db.models.BigAutoField"
