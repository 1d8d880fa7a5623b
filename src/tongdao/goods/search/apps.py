from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "tongdao.goods.search"
    label = "search"
