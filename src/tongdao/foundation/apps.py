from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class FoundationConfig(AppConfig):
    name = "tongdao.foundation"
    label = "foundation"

    def ready(self) -> None:
        """Fill the vocabulary and register all readers and deliveries, in every process."""
        autodiscover_modules("events", "handlers")
