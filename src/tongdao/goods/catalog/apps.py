from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "tongdao.goods.catalog"
    label = "catalog"
