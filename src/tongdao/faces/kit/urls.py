from __future__ import annotations

from django.urls import path

from tongdao.faces.kit import views

app_name = "kit"
urlpatterns = [
    path("", views.kitchen, name="kitchen"),
    path("page/<slug:name>/", views.sample_page, name="page"),
]
