from django.apps import AppConfig


class NetworkConfig(AppConfig):
    name = "tongdao.party.network"
    label = "network"

    def ready(self) -> None:
        """Its events, and what it does on others', become known at start."""
        from tongdao.party.network import events  # noqa: F401 registers
