from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "tongdao.terms.plans"
    label = "plans"

    def ready(self) -> None:
        """Its events, and what it does on others', become known at start."""
        from tongdao.terms.plans import events  # noqa: F401 registers
