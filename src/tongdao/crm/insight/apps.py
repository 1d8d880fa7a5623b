from django.apps import AppConfig


class InsightConfig(AppConfig):
    name = "tongdao.crm.insight"
    label = "insight"
