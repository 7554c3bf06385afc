from django.apps import AppConfig


class AgencyConfig(AppConfig):
    name = "commonground.agency"
    label = "commonground_agency"
    default_auto_field = "django.db.models.BigAutoField"
