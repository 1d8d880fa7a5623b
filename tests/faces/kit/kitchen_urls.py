"""The kitchen alone, as debug mounts it."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [path("_kitchen/", include("tongdao.faces.kit.urls"))]
