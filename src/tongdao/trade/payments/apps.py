from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "tongdao.trade.payments"
    label = "payments"
