from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "tongdao.trade.orders"
    label = "orders"

    def ready(self) -> None:
        """Its events, and what it does on others', become known at start."""
        from tongdao.trade.orders import events  # noqa: F401 registers
