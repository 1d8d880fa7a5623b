from django.apps import AppConfig


class ShippingConfig(AppConfig):
    name = "tongdao.trade.shipping"
    label = "shipping"

    def ready(self) -> None:
        """Its events, and what it does on others', become known at start."""
        from tongdao.trade.shipping import events  # noqa: F401 registers
