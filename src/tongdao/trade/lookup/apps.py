from django.apps import AppConfig


class LookupConfig(AppConfig):
    name = "tongdao.trade.lookup"
    label = "lookup"
