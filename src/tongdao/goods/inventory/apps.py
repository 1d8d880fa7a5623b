from django.apps import AppConfig


class InventoryConfig(AppConfig):
    name = "tongdao.goods.inventory"
    label = "inventory"

    def ready(self) -> None:
        """Its events, and what it does on others', become known at start."""
        from tongdao.goods.inventory import events  # noqa: F401 registers
