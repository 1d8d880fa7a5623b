from __future__ import annotations

from tongdao.foundation.refusals import BadInput


class TooManyFiles(BadInput):
    """At most %(most)s files go with it. Choose fewer and send it again."""


class FileUnusable(BadInput):
    """File %(number)s cannot be used: it has to be a JPEG, PNG, WebP or GIF picture, or an MP4, MOV or WebM
    video. Nothing was sent. Leave it out or choose another."""


class FileDamaged(BadInput):
    """File %(number)s is damaged or was cut off on its way. Nothing was sent. Save or record it again and
    choose it once more."""


class PictureTooLarge(BadInput):
    """File %(number)s is a picture of more than %(limit_mb)s MB or 40 megapixels. Nothing was sent. Make it
    smaller and choose it again."""


class VideoTooLarge(BadInput):
    """File %(number)s is a video of more than %(limit_mb)s MB. Nothing was sent. Cut it shorter and choose it
    again."""
