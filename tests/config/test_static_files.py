"""Addresses of static files are those of the manifest, the first time and every time after it."""

from __future__ import annotations

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.templatetags.static import static
from whitenoise.storage import CompressedManifestStaticFilesStorage

from tongdao.config.static_files import StaticFiles


@pytest.mark.parametrize("name", ["kit/tongdao.css", "kit/tongdao.js", "console/console.css", "kit/mark.svg"])
def test_an_address_is_that_of_the_manifest(name: str) -> None:
    assert isinstance(staticfiles_storage, StaticFiles)
    right = CompressedManifestStaticFilesStorage().url(name)
    stem, _, ending = name.rpartition(".")
    assert right.startswith(f"/static/{stem}.") and right.endswith(ending) and right != f"/static/{name}"
    assert [static(name), static(name)] == [right, right]


def test_an_unknown_file_is_an_error_each_time() -> None:
    for _ in range(2):
        with pytest.raises(ValueError, match="nowhere"):
            static("kit/nowhere.css")
