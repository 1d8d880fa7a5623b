from django.apps import AppConfig


class DisputesConfig(AppConfig):
    name = "tongdao.trade.disputes"
    label = "disputes"
