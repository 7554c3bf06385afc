"""What the page of signing in knows of another house."""

from django import template
from django.conf import settings

register = template.Library()


@register.simple_tag
def house_elsewhere() -> str:
    """What the other house is called; "" where the operator named none."""
    return str(settings.ENV.oidc_name) if settings.ENV.oidc_issuer else ""
