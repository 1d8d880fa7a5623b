from django.apps import AppConfig


class MerchantsConfig(AppConfig):
    name = "tongdao.party.merchants"
    label = "merchants"

    def ready(self) -> None:
        """Its events, and what it does on others', become known at start."""
        from tongdao.party.merchants import events  # noqa: F401 registers
