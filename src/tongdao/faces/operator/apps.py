from django.apps import AppConfig


class OperatorConfig(AppConfig):
    name = "tongdao.faces.operator"
    label = "operator"
