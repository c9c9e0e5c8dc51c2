"""Turn the files of a study from an older format into the one of today, with their comments.

Format 1 knew one kind of site (a municipality with districts) and one classification (functions in
domains), and held fast names for both. Format 2 lets a study name them, so here alone the names of
format 1 are spoken.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from blikveld.atomic_files import whole
from blikveld.errors import BlikveldError
from blikveld.study.loader.study_files import DERIVED, FORMAT, QUESTIONNAIRE, STUDY

_INTERVIEWS = Path("interviews") / "interviews.yaml"
_WORDS: Mapping[str, tuple[Mapping[str, str], Mapping[str, str]]] = {
    "municipality": (
        {"nl": "Gemeente", "en": "Municipality", "de": "Gemeinde", "fr": "Commune"},
        {"nl": "Gemeenten", "en": "Municipalities", "de": "Gemeinden", "fr": "Communes"},
    ),
    "domain": (
        {"nl": "Domein", "en": "Domain", "de": "Bereich", "fr": "Domaine"},
        {"nl": "Domeinen", "en": "Domains", "de": "Bereiche", "fr": "Domaines"},
    ),
    "function": (
        {"nl": "Functie", "en": "Job", "de": "Tätigkeit", "fr": "Fonction"},
        {"nl": "Functies", "en": "Jobs", "de": "Tätigkeiten", "fr": "Fonctions"},
    ),
}
"""What format 1 called one and several, in the languages it knew."""


def upgrade(folder: Path) -> tuple[Path, ...]:
    """Rewrite the files of a study that are in an older format; return which were.

    All are made before the first is written. Raises BlikveldError for a folder that holds no study,
    a file that is no YAML, and a study that has the format of today already.
    """
    study = _read(folder / STUDY)
    if "format" in study:
        problem = f"It has format {study['format']!s} already."
        raise BlikveldError("study-format", str(folder / STUDY), problem, "Nothing has to be done.")
    made = _read(folder / DERIVED) if (folder / DERIVED).exists() else CommentedMap()
    names = _Names(made)
    asked = (folder / QUESTIONNAIRE).read_text(encoding="utf-8")
    texts = {STUDY: _written(_study(study, names, contact=bool(_CONTACT.search(asked))))}
    for name, change in _changes(names):
        path = folder / name
        if path.exists():
            texts[str(name)] = change(path.read_text(encoding="utf-8"))
    changed = {folder / name: text for name, text in texts.items()}
    changed = {path: text for path, text in changed.items() if path.read_text("utf-8") != text}
    for path, text in changed.items():
        with whole(path) as half:
            half.write_text(text, encoding="utf-8")
    return tuple(changed)


_CONTACT = re.compile(r"^\s*-\s*\{?\s*contact:", re.MULTILINE)


def _yaml() -> YAML:
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 1_000
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _read(path: Path) -> CommentedMap:
    try:
        found = _yaml().load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        problem = f"It cannot be read: {str(error).splitlines()[0]}."
        mend = "Name the folder of a study, and mend what is no YAML first."
        raise BlikveldError("study-format", str(path), problem, mend) from None
    if not isinstance(found, CommentedMap):
        problem = "It holds no settings."
        raise BlikveldError("study-format", str(path), problem, "Name the folder of a study.")
    return found


def _written(content: CommentedMap) -> str:
    text = io.StringIO()
    _yaml().dump(content, text)
    return text.getvalue()


class _Names:
    """The variables of the two levels, and which of the known names the study derives."""

    def __init__(self, made: CommentedMap) -> None:
        coded = [one for one in made.get("coded") or () if isinstance(one, Mapping)]
        lent = {str(one.get("values_from")): str(one.get("key")) for one in coded}
        self.wide, self.near = lent.get("domains", "domain"), lent.get("functions", "function")
        every = (one for kind in ("coded", "derived") for one in made.get(kind) or ())
        self.made = {str(one.get("key")) for one in every if isinstance(one, Mapping)}


def _study(old: CommentedMap, names: _Names, *, contact: bool) -> CommentedMap:
    languages = [str(language) for language in old.get("languages") or ()]
    new = CommentedMap({"format": FORMAT})
    # The words above the first setting are about the whole file.
    new.ca.comment = old.ca.comment
    for key, value in old.items():
        if key == "municipalities":
            new["sites"] = _sites(value, old.get("groups"), languages)
        elif key == "domains":
            if value:
                new["classifications"] = CommentedSeq([_classification(value, names, languages)])
        elif key != "groups":
            new[key] = value
        comments = {"municipalities": "sites", "domains": "classifications"}
        target = comments.get(key, key)
        if key in old.ca.items and target in new:
            new.ca.items[target] = old.ca.items[key]
    for key, value in _collecting(names, bool(old.get("domains")), contact=contact):
        new[key] = value
    return new


def _word(name: str, number: int, languages: list[str]) -> CommentedMap:
    words = _WORDS[name][number]
    return _flow({language: words.get(language, words["en"]) for language in languages})


def _flow(content: Mapping[str, Any]) -> CommentedMap:
    found = CommentedMap(content)
    found.fa.set_flow_style()
    return found


def _row(*content: str) -> CommentedSeq:
    found = CommentedSeq(content)
    found.fa.set_flow_style()
    return found


def _sites(old: Any, groups: Any, languages: list[str]) -> CommentedMap:
    found = CommentedMap({"name": "municipality", "plural_name": "municipalities"})
    found["label"] = _word("municipality", 0, languages)
    found["plural"] = _word("municipality", 1, languages)
    if groups:
        found["groups"] = groups
    for site in old or ():
        if isinstance(site, CommentedMap) and "districts" in site:
            for district in site["districts"] or ():
                _rename(district, key="code", name="label")
            at = list(site).index("districts")
            site.insert(at, "lists", CommentedMap({"districts": site.pop("districts")}))
    found["list"] = old
    return found


def _rename(block: Any, **names: str) -> None:
    if isinstance(block, CommentedMap):
        for at, key in enumerate(tuple(block)):
            if key in names:
                comment = block.ca.items.pop(key, None)
                block.insert(at, names[key], block.pop(key))
                if comment:
                    block.ca.items[names[key]] = comment


def _classification(old: Any, names: _Names, languages: list[str]) -> CommentedMap:
    for domain in old:
        for function in domain.get("functions") or ():
            _rename(function, key="code")
        _rename(domain, key="code", functions="items")
    levels = (("domain", names.wide, "domains"), ("function", names.near, "functions"))
    return CommentedMap(
        {
            "key": "jobs",
            "levels": CommentedSeq(
                CommentedMap(
                    {
                        "name": name,
                        "plural_name": plural,
                        "label": _word(word, 0, languages),
                        "plural": _word(word, 1, languages),
                    }
                )
                for word, name, plural in levels
            ),
            "items": old,
        }
    )


def _collecting(
    names: _Names, classified: bool, *, contact: bool
) -> Iterator[tuple[str, CommentedMap]]:
    """What format 1 did by itself wherever a study had variables of these names."""
    wide = ["domain"] if "domain" in names.made else []
    suspected = ["suspected"] if "suspected" in names.made else []
    collect = CommentedMap()
    if wide:
        collect["monitor_by"] = _row(*wide)
        collect["calls"] = _flow({"columns": _row("municipality", *wide)})
    if contact:
        collect["offers"] = _flow({"keep": _row("municipality", *wide, *suspected)})
    if collect:
        yield "collect", collect
    if contact and suspected:
        interviews = CommentedMap({"eligible": DoubleQuotedScalarString("suspected == 'yes'")})
        interviews["cover"] = _row("municipality", *wide)
        if classified:
            interviews["roles"] = "jobs"
        yield "interviews", interviews


def _changes(names: _Names) -> Iterator[tuple[Path | str, Callable[[str], str]]]:
    yield (
        QUESTIONNAIRE,
        _replaced({r"options_from:\s*districts\b": "options_from: {site: districts}"}),
    )
    yield (
        DERIVED,
        _replaced(
            {
                r"values_from:\s*functions\b": f"values_from: {names.near}",
                r"values_from:\s*domains\b": f"values_from: {names.wide}",
            }
        ),
    )
    yield (
        _INTERVIEWS,
        _replaced(
            {
                r"(?<![\w#])function:": "role:",
                r"(?<![\w#])municipality:": "site:",
                r"(?<![\w#])domain:": "category:",
                r"(?<![\w#])domain_labels:": "category_labels:",
            }
        ),
    )


def _replaced(patterns: Mapping[str, str]) -> Callable[[str], str]:
    def change(text: str) -> str:
        for pattern, new in patterns.items():
            text = re.sub(pattern, new, text)
        return text

    return change
