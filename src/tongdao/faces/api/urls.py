"""The API under /api/v1/, its description (openapi.json) and its page (docs)."""

from django.urls import URLPattern, URLResolver, path, re_path
from django.views.decorators.csrf import csrf_exempt

from tongdao.faces.api.api import api
from tongdao.faces.api.errors import one_shape, unknown_address

addresses, application, namespace = api.urls
for address in addresses:
    if isinstance(address, URLPattern):
        address.callback = one_shape(address.callback)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", (addresses, application, namespace)),
    re_path(r"^(?P<rest>.*)$", csrf_exempt(unknown_address)),
]
