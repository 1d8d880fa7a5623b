from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "tongdao.goods.catalog"
    label = "catalog"

    def ready(self) -> None:
        """Its events become known at start."""
        from tongdao.goods.catalog import events  # noqa: F401 registers
