from django.apps import AppConfig


class PublicConfig(AppConfig):
    name = "commonground.public"
    label = "commonground_public"
    default_auto_field = "django.db.models.BigAutoField"
