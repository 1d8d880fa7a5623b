from django.apps import AppConfig


class AftersalesConfig(AppConfig):
    name = "tongdao.trade.aftersales"
    label = "aftersales"
