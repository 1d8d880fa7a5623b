from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "tongdao.finance.ledger"
    label = "ledger"
