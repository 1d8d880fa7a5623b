from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "tongdao.faces.console"
    label = "console"
