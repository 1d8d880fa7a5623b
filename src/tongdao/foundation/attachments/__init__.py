"""Pictures and short videos that people send along: private, and harmless.

A room takes them with `stored_attachments`, keeps rows in a table of its own (models.AttachmentRow) and takes
them off the disk with forgetting.forget_files. Faces show them with faces.kit.attachments, after they have
checked who asks.
"""

from tongdao.foundation.attachments.kinds import ACCEPT, MOST, PICTURE_BYTES, TOGETHER_BYTES, VIDEO_BYTES
from tongdao.foundation.attachments.refusals import (
    FileDamaged,
    FileUnusable,
    PictureTooLarge,
    TooManyFiles,
    VideoTooLarge,
)
from tongdao.foundation.attachments.storing import Kept, Readable, path_of, stored_attachments

__all__ = [
    "ACCEPT",
    "MOST",
    "PICTURE_BYTES",
    "TOGETHER_BYTES",
    "VIDEO_BYTES",
    "FileDamaged",
    "FileUnusable",
    "Kept",
    "PictureTooLarge",
    "Readable",
    "TooManyFiles",
    "VideoTooLarge",
    "path_of",
    "stored_attachments",
]
