from django.apps import AppConfig


class ListsConfig(AppConfig):
    name = "tongdao.faces.lists"
    label = "lists"
