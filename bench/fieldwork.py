"""What a page costs: respondents travel through the real pages, and the server's work is measured.

    .venv/bin/python bench/fieldwork.py [--respondents 500] [--study NAME] [--durable]

Prints the machine, CPU-milliseconds a submitted page (its POST and the GET of the next page, with
routing, saving and counting; the first page and the start button are spread over them), and the
memory of all processes together. Linux only: it reads /proc.
"""

from __future__ import annotations

import argparse
import os
import platform
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from blikveld.contacts import make_keys
from blikveld.study.load import load
from blikveld.study.model import Kind, Study
from blikveld.synthetic.travel import Traveller, travel_all
from blikveld.web import fieldwork
from blikveld.web.launch import Server


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
            _measure(server, study, given.respondents, given.durable)


def _measure(server: Server, study: Study, respondents: int, durable: bool) -> None:
    places = [place.key for place in study.municipalities]
    travellers = [
        Traveller(server.link(place), _answers(study, place))
        for place in (places[i % len(places)] for i in range(respondents))
    ]
    travel_all(travellers[:20])
    processes = server.processes()
    before, clock = _spent(processes), time.perf_counter()
    journeys = travel_all(travellers)
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
        amount = 3 if question.kind is Kind.MULTIPLE else 1
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
