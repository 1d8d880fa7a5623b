from django.apps import AppConfig


class PlanningConfig(AppConfig):
    name = "tongdao.rewards.planning"
    label = "planning"
