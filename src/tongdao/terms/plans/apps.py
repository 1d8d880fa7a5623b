from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "tongdao.terms.plans"
    label = "plans"
