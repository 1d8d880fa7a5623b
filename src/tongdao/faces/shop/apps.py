from django.apps import AppConfig


class ShopConfig(AppConfig):
    name = "tongdao.faces.shop"
    label = "shop"
