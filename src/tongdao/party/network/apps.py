from django.apps import AppConfig


class NetworkConfig(AppConfig):
    name = "tongdao.party.network"
    label = "network"
