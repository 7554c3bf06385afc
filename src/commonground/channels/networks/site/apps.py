from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "commonground.channels.networks.site"
    label = "commonground_site"
    default_auto_field = "django.db.models.BigAutoField"
