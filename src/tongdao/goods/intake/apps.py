from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "tongdao.goods.intake"
    label = "intake"
