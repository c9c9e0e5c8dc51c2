"""Debian's Firefox, spoken to over its own remote control, and all that it leaves in a profile.

Playwright drives builds of its own only; Marionette is what Firefox itself listens to on loopback:
each message is its length, a colon and a list in JSON (type, number, command, parameters).
"""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

# As a person's own browser would be: without the settings that drivers of tests usually put in.
PREFERENCES: Mapping[str, object] = {
    "remote.prefs.recommended": False,
    "marionette.port": 0,
    # What is open is written down every second instead of every fifteen.
    "browser.sessionstore.interval": 1000,
    # No request to anybody but the questionnaire.
    "app.update.enabled": False,
    "app.normandy.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "datareporting.healthreport.uploadEnabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "dom.push.enabled": False,
    "extensions.update.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,",
    "toolkit.telemetry.enabled": False,
}
_ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
_WAIT = 30
_FRAME = b"mozLz40\0"


class Refused(Exception):
    """Firefox could not do what it was told; the message is its own."""


class Firefox:
    """One Firefox with a profile of its own on disk. Ends its own process, by id, when left."""

    def __init__(self, profile: Path, *, script: bool = True) -> None:
        profile.mkdir()
        lines = PREFERENCES | {"javascript.enabled": script}
        user = "".join(f"user_pref({json.dumps(k)}, {json.dumps(v)});\n" for k, v in lines.items())
        (profile / "user.js").write_text(user, encoding="utf-8")
        program = shutil.which("firefox-esr") or shutil.which("firefox") or "firefox"
        command = [program, "--headless", "--no-remote", "--marionette", "--profile", str(profile)]
        self.process = subprocess.Popen(
            command,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={
                "HOME": str(profile.parent),
                "PATH": "/usr/bin:/bin",
                "MOZ_CRASHREPORTER_DISABLE": "1",
            },
        )
        self._number = 0
        try:
            self._line = self._connected(profile / "MarionetteActivePort")
            self._told()
            self.do("WebDriver:NewSession", {})
            self.do("WebDriver:SetTimeouts", {"implicit": 1000 * _WAIT})
        except BaseException:
            self.kill()
            raise

    def go(self, address: str) -> None:
        """Open an address and wait for its page."""
        self.do("WebDriver:Navigate", {"url": address})

    def expect_title(self, title: str) -> None:
        """Wait until the page has this title. Raises Refused with the one that it has."""
        until = time.monotonic() + _WAIT
        while (found := str(self.do("WebDriver:GetTitle"))) != title:
            if time.monotonic() > until:
                raise Refused(f"The page is {found!r}, not {title!r}.")
            time.sleep(0.05)

    def text(self, selector: str) -> str:
        """The text of the first element that is selected."""
        return str(self.do("WebDriver:GetElementText", {"id": self._find(selector)}))

    def value(self, selector: str) -> str:
        """What stands in a field."""
        return str(
            self.do("WebDriver:GetElementProperty", {"id": self._find(selector), "name": "value"})
        )

    def press(self, selector: str) -> None:
        """Click an element; a page that it leads to is waited for."""
        self.do("WebDriver:ElementClick", {"id": self._find(selector)})

    def fill(self, selector: str, text: str) -> None:
        """Put a text in the place of what stands in a field."""
        found = self._find(selector)
        self.do("WebDriver:ElementClear", {"id": found})
        self.do("WebDriver:ElementSendKeys", {"id": found, "text": text})

    def close(self) -> None:
        """Close the browser as a person does."""
        self.do("Marionette:Quit", {"flags": ["eAttemptQuit"]})
        self.process.wait(_WAIT)

    def kill(self) -> None:
        """End the browser at once."""
        self.process.kill()
        self.process.wait(_WAIT)

    def __enter__(self) -> Firefox:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.kill()

    def do(self, command: str, parameters: Mapping[str, object] | None = None) -> Any:
        """Give a command and return its answer. Raises Refused."""
        self._number += 1
        message = json.dumps([0, self._number, command, parameters or {}]).encode()
        self._line.sendall(b"%d:%s" % (len(message), message))
        _, _, error, answer = self._told()
        if error is not None:
            raise Refused(f"{command}: {error['message']}")
        return answer.get("value", answer) if isinstance(answer, dict) else answer

    def _find(self, selector: str) -> str:
        found = self.do("WebDriver:FindElement", {"using": "css selector", "value": selector})
        return str(found[_ELEMENT])

    def _connected(self, port: Path) -> socket.socket:
        until = time.monotonic() + _WAIT
        while time.monotonic() < until:
            if self.process.poll() is not None:
                raise Refused("Firefox ended before it listened.")
            if port.is_file() and port.read_text().strip():
                return socket.create_connection(("127.0.0.1", int(port.read_text())), _WAIT)
            time.sleep(0.05)
        raise Refused("Firefox does not listen.")

    def _told(self) -> Any:
        length = b""
        while (sign := self._line.recv(1)) != b":":
            if not sign:
                raise Refused("Firefox hung up.")
            length += sign
        message = b""
        while len(message) < int(length):
            message += self._line.recv(int(length) - len(message))
        return json.loads(message)


def everything(profile: Path) -> Iterator[bytes]:
    """The bytes of every file of a profile; what Firefox packed is given unpacked as well."""
    for path in profile.rglob("*"):
        if path.is_file():
            kept = path.read_bytes()
            yield kept
            if kept.startswith(_FRAME):
                yield unpacked(kept[len(_FRAME) + 4 :])


def unpacked(block: bytes) -> bytes:
    """What one block of LZ4 holds: runs of literal bytes, and copies of what came before them."""
    out, at = bytearray(), 0
    while at < len(block):
        token, at = block[at], at + 1
        amount, at = _length(block, at, token >> 4)
        out += block[at : at + amount]
        at += amount
        if at >= len(block):
            break
        back, at = int.from_bytes(block[at : at + 2], "little"), at + 2
        amount, at = _length(block, at, token & 15)
        for _ in range(amount + 4):
            out.append(out[-back])
    return bytes(out)


def _length(block: bytes, at: int, begun: int) -> tuple[int, int]:
    """A length that is 15 or more goes on in bytes of 255 until one that is less."""
    amount = begun
    while begun == 15:
        amount, at = amount + block[at], at + 1
        if block[at - 1] < 255:
            break
    return amount, at
