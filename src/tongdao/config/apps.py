from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "tongdao.config"
    label = "config"
