from django.apps import AppConfig


class TrainConfig(AppConfig):
    name = "commonground.train"
    label = "commonground_train"
    default_auto_field = "django.db.models.BigAutoField"
