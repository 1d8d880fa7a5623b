from django.apps import AppConfig


class InventoryConfig(AppConfig):
    name = "tongdao.goods.inventory"
    label = "inventory"
