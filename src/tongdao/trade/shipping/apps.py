from django.apps import AppConfig


class ShippingConfig(AppConfig):
    name = "tongdao.trade.shipping"
    label = "shipping"
