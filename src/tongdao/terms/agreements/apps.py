from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    name = "tongdao.terms.agreements"
    label = "agreements"
