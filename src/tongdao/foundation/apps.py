from django.apps import AppConfig


class FoundationConfig(AppConfig):
    name = "tongdao.foundation"
    label = "foundation"
