from django.apps import AppConfig


class SayConfig(AppConfig):
    name = "commonground.say"
    label = "commonground_say"
    default_auto_field = "django.db.models.BigAutoField"
