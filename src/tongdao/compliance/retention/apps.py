from django.apps import AppConfig


class RetentionConfig(AppConfig):
    name = "tongdao.compliance.retention"
    label = "retention"

    def ready(self) -> None:
        """All rooms register what they hold."""
        from tongdao.foundation.personal import discover

        discover()
