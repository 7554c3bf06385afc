from django.apps import AppConfig


class AskConfig(AppConfig):
    name = "commonground.ask"
    label = "commonground_ask"
    default_auto_field = "django.db.models.BigAutoField"
