from django.apps import AppConfig


class EditingConfig(AppConfig):
    name = "tongdao.goods.editing"
    label = "editing"
