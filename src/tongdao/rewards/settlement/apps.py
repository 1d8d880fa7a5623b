from django.apps import AppConfig


class SettlementConfig(AppConfig):
    name = "tongdao.rewards.settlement"
    label = "settlement"
