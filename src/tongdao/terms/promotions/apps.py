from django.apps import AppConfig


class PromotionsConfig(AppConfig):
    name = "tongdao.terms.promotions"
    label = "promotions"
