from django.apps import AppConfig


class TrafficConfig(AppConfig):
    name = "tongdao.reach.traffic"
    label = "traffic"
