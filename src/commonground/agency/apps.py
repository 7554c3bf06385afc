from importlib import import_module

from django.apps import AppConfig


class AgencyConfig(AppConfig):
    name = "commonground.agency"
    label = "commonground_agency"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("commonground.agency.signin")  # hears of every new way in
