from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "tongdao.trade.orders"
    label = "orders"
