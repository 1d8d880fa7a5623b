from django.apps import AppConfig


class FavouritesConfig(AppConfig):
    name = "tongdao.goods.favourites"
    label = "favourites"
