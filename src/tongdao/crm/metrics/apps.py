from django.apps import AppConfig


class MetricsConfig(AppConfig):
    name = "tongdao.crm.metrics"
    label = "metrics"
