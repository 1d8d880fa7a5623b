from django.apps import AppConfig


class PromoterConfig(AppConfig):
    name = "tongdao.faces.promoter"
    label = "promoter"
