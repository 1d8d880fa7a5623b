"""The addresses that are given to the channels; `token` is in the directory."""

from django.urls import URLPattern, path

from tongdao.faces.api import callbacks

urlpatterns: list[URLPattern] = [
    path("wechat/<str:token>", callbacks.wechat),
    path("wechat/<str:token>/transfers", callbacks.wechat_transfers),
    path("carrier/<str:token>", callbacks.carrier),
]
