from django.apps import AppConfig


class TalkConfig(AppConfig):
    name = "tongdao.trade.talk"
    label = "talk"
