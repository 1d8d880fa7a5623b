from django.apps import AppConfig


class MerchantsConfig(AppConfig):
    name = "tongdao.party.merchants"
    label = "merchants"
