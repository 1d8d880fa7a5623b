from django.apps import AppConfig


class AftersalesConfig(AppConfig):
    name = "tongdao.trade.aftersales"
    label = "aftersales"

    def ready(self) -> None:
        """Its events, and what it does on others', become known at start."""
        from tongdao.trade.aftersales import events, handlers  # noqa: F401 registers
