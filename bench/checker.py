"""How fast a report is checked, and in how much memory.

    python bench/checker.py [REPORT]

Without a report: made-up Dutch text of 400,000 characters with footnotes, and tables. Time is
counted after import; memory is the process's highest, import included.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path

from blikveld.checker.check import check
from blikveld.checker.extract import read

CHARACTERS = 400_000
SENTENCE = (
    "Bijna de helft van de fietsers voelt zich veilig op de weg naar het werk (48%).{note} Wie een "
    "cursus volgde voelt zich vaker veilig dan wie dat niet deed, zo blijkt uit de vragenlijst. "
    "Van de 400 fietsers in de steden hadden er 92 een ongeluk (23%)."
)
ROW = "Noorddorp\n\n57 67 17 141\n\n40% 48% 12% 100%\n"


def made_up() -> str:
    """Invented text with the density of claims of a thick survey report."""
    parts: list[str] = []
    note = 0
    while sum(map(len, parts)) < CHARACTERS:
        note = note % 900 + 1
        parts += [SENTENCE.format(note=note), f"{note} Totaal n=821, 48% staat gelijk aan n=393."]
        parts += ["Deze zin zegt niets met een getal en vult de bladzijde. " * 8]
        if note % 10 == 0:
            parts += [f"Tabel {note}. Voelt zich veilig", ROW * 4]
    return "\n\n".join(parts)


def main() -> None:
    """Print seconds, megabytes and coverage."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(folder) / "made-up.txt"
        if len(sys.argv) == 1:
            path.write_text(made_up(), encoding="utf-8")
        begin = time.perf_counter()
        document = read(path)
        result = check(document)
        seconds = time.perf_counter() - begin
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    size = sum(len(line.text) for line in document.lines)
    print(f"{size:,} characters: {seconds:.2f} s, {memory:.0f} MiB, {result.coverage}")


if __name__ == "__main__":
    main()
