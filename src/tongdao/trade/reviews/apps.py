from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    name = "tongdao.trade.reviews"
    label = "reviews"
