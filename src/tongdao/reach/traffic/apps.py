from django.apps import AppConfig


class TrafficConfig(AppConfig):
    name = "tongdao.reach.traffic"
    label = "traffic"

    def ready(self) -> None:
        """Its events, and what it does on others', become known at start."""
        from tongdao.reach.traffic import events  # noqa: F401 registers
