"""A study's files on its interviews: the guide, the invented interviews, and what may be wrong."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from blikveld.errors import BlikveldError, Faults
from blikveld.interviews.coding.compare import Approach
from blikveld.interviews.deidentification import suggestions
from blikveld.interviews.study_files import load_shipped, load_topic_guide, print_guide
from blikveld.report.build import quote_sections
from blikveld.study.model import Study


@pytest.fixture
def copied(flagship: Study, tmp_path: Path) -> Study:
    shutil.copytree(flagship.folder / "interviews", tmp_path / "interviews")
    return replace(flagship, folder=tmp_path)


def change(study: Study, file: str, old: str, new: str) -> None:
    path = study.folder / "interviews" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_report_asks_for_the_topics_of_the_guide(flagship: Study, language: str) -> None:
    """How they are printed stands in test_report_interviews.py; no text repeats them by hand."""
    texts = (flagship.folder / "report" / language).glob("*.md")
    whole = "".join(path.read_text(encoding="utf-8") for path in texts)
    assert whole.count("{{ topics() }}") == 1
    assert not any(
        q[language] in whole for t in load_topic_guide(flagship).topics for q in t.questions
    )


def test_the_guide_has_seven_topics_in_both_languages(flagship: Study) -> None:
    made = load_topic_guide(flagship)
    assert len(made.topics) == 7
    assert (made.approach, made.sample_size, made.shortest, made.longest) == (
        Approach.REFLEXIVE,
        20,
        40,
        60,
    )
    for topic in made.topics:
        assert topic.questions
        for words in (topic.title, *topic.questions):
            assert set(words) == {"nl", "en"}


def test_the_guide_prints_in_each_language(flagship: Study) -> None:
    for language in flagship.languages:
        page = print_guide(flagship, load_topic_guide(flagship), language)
        assert f'<html lang="{language}">' in page
        assert page.count("<section>") == 7
    with pytest.raises(BlikveldError, match="no language 'de'"):
        print_guide(flagship, load_topic_guide(flagship), "de")


def test_six_invented_interviews_ship_and_say_that_they_are(flagship: Study) -> None:
    made = load_shipped(flagship)
    assert made.invented
    assert len(made.interviews) == 6
    for talk in made.interviews.values():
        assert talk.text.text.startswith("[Verzonnen gesprek.")
        assert suggestions(talk.text.text) == ()


def test_no_quote_points_at_one_person(flagship: Study) -> None:
    made = load_shipped(flagship)
    assert [label.text("nl") for label in made.labels.values()] == [
        "Jongerenwerker A",
        "Professional onderwijs A",
        "Professional onderwijs B",
        "Jongerenwerker B",
        "Professional A",
        "Professional B",
    ]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_quote_has_its_place_in_the_texts_and_a_translation(
    flagship: Study, language: str
) -> None:
    made = load_shipped(flagship)
    assert set(made.at) == set(quote_sections(flagship, language))
    for quotes in made.at.values():
        assert all(quote.translated["en"] for quote in quotes)


def test_a_quote_stands_word_for_word_in_its_interview(flagship: Study) -> None:
    made = load_shipped(flagship)
    for quotes in made.at.values():
        for quote in quotes:
            text = made.interviews[quote.interview].text.text
            assert text[quote.start : quote.end] == quote.words
            assert quote.invented


def test_each_theme_tells_how_many_interviews_speak_of_it(flagship: Study) -> None:
    made = load_shipped(flagship)
    counts = made.theme_count()
    assert set(counts) == set(made.names)
    assert counts["noticing"] == 5
    assert all(1 <= count <= 6 for count in counts.values())


FIRST_TITLE = '    title: {nl: "Kennismaken", en: "Getting acquainted"}'


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        ("codebook.yaml", "Altijd dezelfde trui.", "Altijd dezelfde broek.", "stand 0 times"),
        ("codebook.yaml", "code: change", "code: chnage", "no code 'chnage'"),
        ("codebook.yaml", "theme: noticing", "theme: notising", "no theme 'notising'"),
        ("interviews.yaml", "site: utrecht", "site: utrect", "no site"),
        ("interviews.yaml", "file: g1.txt", "file: ../g1.txt", "no file"),
        ("guide.yaml", "approach: reflexive\n", "approach: reflective\n", "cannot be 'reflective'"),
        ("guide.yaml", "sample_size: 20", "sample_size: 0", "1 or more"),
        ("guide.yaml", f"{FIRST_TITLE}\n", "", "'title' is missing"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(
    copied: Study, file: str, old: str, new: str, words: str
) -> None:
    change(copied, file, old, new)
    with pytest.raises(Faults, match=words) as refused:
        load_topic_guide(copied) if file == "guide.yaml" else load_shipped(copied)
    assert refused.value.faults[0].file == file
    assert refused.value.faults[0].line


def test_a_study_without_interviews_says_so(flagship: Study, tmp_path: Path) -> None:
    with pytest.raises(BlikveldError, match="no folder 'interviews'"):
        load_topic_guide(replace(flagship, folder=tmp_path))
