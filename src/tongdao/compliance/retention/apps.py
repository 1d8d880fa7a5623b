from django.apps import AppConfig


class RetentionConfig(AppConfig):
    name = "tongdao.compliance.retention"
    label = "retention"

    def ready(self) -> None:
        """All rooms register what they hold; one of them keeps no tables and is therefore no app."""
        from tongdao.foundation.personal import discover
        from tongdao.rewards.commissions import personal  # noqa: F401 it registers

        discover()
