from django.apps import AppConfig


class ReputationConfig(AppConfig):
    name = "tongdao.crm.reputation"
    label = "reputation"
