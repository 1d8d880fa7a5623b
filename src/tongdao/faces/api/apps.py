from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "tongdao.faces.api"
    label = "api"
