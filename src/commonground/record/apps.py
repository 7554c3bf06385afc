from django.apps import AppConfig


class RecordConfig(AppConfig):
    name = "commonground.record"
    label = "commonground_record"
    default_auto_field = "django.db.models.BigAutoField"
