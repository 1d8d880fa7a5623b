"""The site with all its lists. `admin` is what unfold's templates call whatever site they stand in."""

from __future__ import annotations

from tongdao.faces.operator.lists import LISTS
from tongdao.faces.operator.site import site

for model, admin in LISTS:
    site.register(model, admin)
app_name = "admin"
urlpatterns = site.get_urls()
