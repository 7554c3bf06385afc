from django.apps import AppConfig


class AnswerConfig(AppConfig):
    name = "commonground.answer"
    label = "commonground_answer"
    default_auto_field = "django.db.models.BigAutoField"
