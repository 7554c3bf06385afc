from django.apps import AppConfig


class KitConfig(AppConfig):
    name = "commonground.kit"
    label = "commonground_kit"
    default_auto_field = "django.db.models.BigAutoField"
