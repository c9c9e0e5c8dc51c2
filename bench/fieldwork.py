"""What a page costs: respondents travel through the real pages, and the server's work is measured.

    .venv/bin/python bench/fieldwork.py [--respondents 500] [--study NAME] [--durable]

Prints the machine, CPU-milliseconds a submitted page (its POST and the GET of the next page, with
routing, saving and counting; the first page and the start button are spread over them), and the
memory of all processes together. Beside it a bare Django page (bench/bare.py) on the same server,
and the ratio. Linux only: it reads /proc.
"""

from __future__ import annotations

import argparse
import os
import platform
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener, urlopen

from blikveld.contacts import make_keys
from blikveld.kinds import Multiple
from blikveld.study.load import load
from blikveld.study.model import Study
from blikveld.synthetic.trial_respondents import HttpRespondent, fill_in_all
from blikveld.web import fieldwork
from blikveld.web.process import Server


@dataclass(frozen=True)
class Spent:
    """What processes used so far: seconds of processor, mebibytes of memory (shared ones once)."""

    processor: float
    memory: float


def main() -> None:
    """Measure once and print."""
    given = _arguments()
    study = load(given.study)
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        fieldwork.open_(data, study)
        keys = make_keys()
        with Server(given.study, data, public_key=keys.public, durable=given.durable) as server:
            ours = _measure(server, study, given.respondents, given.durable)
    bare = _measure_bare(given.respondents)
    print(f"{bare:.2f} CPU-ms a submitted page of bare Django (sessions, CSRF, one row, no fsync)")
    print(f"{ours / bare:.2f} times a bare page")


def _measure(server: Server, study: Study, respondents: int, durable: bool) -> float:
    places = [municipality.key for municipality in study.sites]
    travellers = [
        HttpRespondent(server.link(place), _answers(study, place))
        for place in (places[i % len(places)] for i in range(respondents))
    ]
    fill_in_all(travellers[:20])
    processes = server.processes()
    before, clock = _spent(processes), time.perf_counter()
    journeys = fill_in_all(travellers)
    seconds, after = time.perf_counter() - clock, _spent(processes)
    pages = sum(journey.pages for journey in journeys)
    work = after.processor - before.processor
    kind = "full durability" if durable else "no fsync"
    print(f"{platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}")
    print(f"{respondents} respondents, {pages} pages submitted in {seconds:.1f} s, SQLite, {kind}")
    print(
        f"{1000 * work / pages:.2f} CPU-ms a submitted page; {pages / seconds:.0f} pages a second"
    )
    print(f"{after.memory:.0f} MiB in {len(processes)} processes")
    return 1000 * work / pages


def _measure_bare(respondents: int) -> float:
    """CPU-milliseconds of a POST and a GET of the bare page, six a visitor as ours has."""
    with tempfile.TemporaryDirectory() as folder, _bare(Path(folder)) as (url, first):
        # Both workers are there once many have come.
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(_visit_bare, [url] * 20))
        children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
        processes = (first, *(int(child) for child in children))
        before = _spent(processes)
        with ThreadPoolExecutor(8) as pool:
            pages = sum(pool.map(_visit_bare, [url] * respondents))
        return 1000 * (_spent(processes).processor - before.processor) / pages


@contextmanager
def _bare(folder: Path) -> Iterator[tuple[str, int]]:
    environment = {**os.environ, "BARE_DATABASE": str(folder / "bare.sqlite3")}
    here = Path(__file__).parent
    subprocess.run([sys.executable, "bare.py"], cwd=here, env=environment, check=True)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(128)
        bind = ("--bind", f"fd://{listening.fileno()}")
        command = [sys.executable, "-m", "gunicorn", *_SETTINGS, *bind, "bare"]
        files = (listening.fileno(),)
        process = subprocess.Popen(command, cwd=here, env=environment, pass_fds=files)  # noqa: S603
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        try:
            urlopen(url, timeout=30).read()
            yield url, process.pid
        finally:
            process.terminate()
            process.wait()


_SETTINGS = ("--config", "python:blikveld.web.serving")
_PAGES = 6


def _visit_bare(url: str) -> int:
    opener = build_opener(HTTPCookieProcessor(CookieJar()))
    text = opener.open(url).read().decode()
    for _ in range(_PAGES):
        token = text.split('csrfmiddlewaretoken" value="')[1].split('"')[0]
        fields = {"csrfmiddlewaretoken": token, **{f"q{n}": "invented" for n in range(5)}}
        text = opener.open(url, urlencode(fields).encode()).read().decode()
    return _PAGES


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--study", default="criminele_uitbuiting")
    parser.add_argument("--respondents", type=int, default=500)
    parser.add_argument("--durable", action="store_true")
    return parser.parse_args()


def _answers(study: Study, municipality: str) -> dict[str, list[str]]:
    """An answer to every question, the longest way through."""
    answers = {}
    for question in study.questions.values():
        offered = study.options(question, municipality)
        codes = [option.code for option in offered if not option.exclusive and not option.text]
        amount = 3 if isinstance(question.kind, Multiple) else 1
        answers[question.key] = codes[:amount] or ["An invented remark."]
    return answers


def _spent(processes: tuple[int, ...]) -> Spent:
    ticks = os.sysconf("SC_CLK_TCK")
    fields = [Path(f"/proc/{p}/stat").read_text().rpartition(")")[2].split() for p in processes]
    memory = [Path(f"/proc/{p}/smaps_rollup").read_text().splitlines() for p in processes]
    shares = [int(line.split()[1]) for lines in memory for line in lines if line.startswith("Pss:")]
    return Spent(sum(int(f[11]) + int(f[12]) for f in fields) / ticks, sum(shares) / 1024)


if __name__ == "__main__":
    main()
