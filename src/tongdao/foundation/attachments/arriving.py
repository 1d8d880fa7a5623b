"""Where files lie while they arrive: on the disk, but without a name, so that nothing stays of them."""

from __future__ import annotations

from tempfile import TemporaryFile
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from tongdao.foundation.attachments.storing import private_folder


class NamelessUploads(FileUploadHandler):
    """Of requests too long for memory. Django's own handler leaves its files behind when its process is
    killed, in a directory that often is in memory.
    """

    file: UploadedFile[bytes]

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        arriving = TemporaryFile(dir=private_folder())  # noqa: SIM115 closed with the request
        self.file = UploadedFile(arriving, self.file_name, self.content_type, 0, self.charset)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.file.write(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile[bytes]:
        self.file.seek(0)
        self.file.size = file_size
        return self.file

    def upload_interrupted(self) -> None:
        if hasattr(self, "file"):
            self.file.close()
