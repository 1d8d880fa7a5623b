from django.apps import AppConfig


class CommissionsConfig(AppConfig):
    name = "tongdao.rewards.commissions"
    label = "commissions"
