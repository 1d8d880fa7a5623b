from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "tongdao.finance.ledger"
    label = "ledger"

    def ready(self) -> None:
        """Its events, and what it does on others', become known at start."""
        from tongdao.finance.ledger import events  # noqa: F401 registers
