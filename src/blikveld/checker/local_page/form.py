"""One form in a request: the file and the language that were sent with it."""

from __future__ import annotations

from dataclasses import dataclass
from email import message_from_bytes
from email.policy import HTTP
from pathlib import PurePosixPath, PureWindowsPath


@dataclass(frozen=True, slots=True)
class DroppedFile:
    """A file as a browser sends it; `name` has no folder in it."""

    name: str
    content: bytes


def dropped_file(content_type: str, body: bytes) -> DroppedFile | None:
    """The file in a form; None when there is none."""
    if not content_type.startswith("multipart/form-data"):
        return None
    head = f"Content-Type: {content_type}\r\nMIME-Version: 1.0\r\n\r\n".encode("latin-1", "replace")
    message = message_from_bytes(head + body, policy=HTTP)
    for part in message.iter_parts():
        name = part.get_filename()
        if name:
            plain = PureWindowsPath(PurePosixPath(name).name).name
            content = part.get_payload(decode=True)
            return DroppedFile(plain, content if isinstance(content, bytes) else b"")
    return None
