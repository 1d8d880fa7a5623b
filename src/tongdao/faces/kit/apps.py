from __future__ import annotations

from django.apps import AppConfig


class KitConfig(AppConfig):
    """The component library: one style sheet, one script, templates that every face includes."""

    name = "tongdao.faces.kit"
    label = "kit"
