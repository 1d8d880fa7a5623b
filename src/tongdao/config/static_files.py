"""Static files under names that hold their fingerprint, so that browsers keep them for good."""

from __future__ import annotations

from django.conf import settings
from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]  # has none


class StaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # untyped
    """Each page names six files, whose addresses Django splits, looks up, quotes and joins anew each time.

    A process serves one manifest as long as it lives, so an address once made stays true.
    """

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self._made: dict[str, str] = {}

    def url(self, name: str, force: bool = False) -> str:
        if settings.DEBUG or force:
            return str(super().url(name, force))
        if name not in self._made:
            self._made[name] = str(super().url(name))
        return self._made[name]
