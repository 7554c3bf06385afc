from django.apps import AppConfig


class LearnConfig(AppConfig):
    name = "commonground.learn"
    label = "commonground_learn"
    default_auto_field = "django.db.models.BigAutoField"
