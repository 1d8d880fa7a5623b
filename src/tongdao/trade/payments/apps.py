from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "tongdao.trade.payments"
    label = "payments"

    def ready(self) -> None:
        """Its events, and what it does on others', become known at start."""
        from tongdao.trade.payments import events  # noqa: F401 registers
