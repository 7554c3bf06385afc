from importlib import import_module

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class KitConfig(AppConfig):
    name = "commonground.kit"
    label = "commonground_kit"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        post_migrate.connect(import_module("commonground.kit.lasting").draw_root, sender=self)
