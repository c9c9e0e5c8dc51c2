"""The words of the pages themselves. Their texts stand in the catalogues (`blikveld.locale`)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from blikveld.locale import Catalogue, respondents
from blikveld.study.model import Study


@dataclass(frozen=True, slots=True)
class PageWords:
    """Every word around the questions: the messages `page.…`, by name."""

    browser_title: str
    skip: str
    language_choice: str
    step: str
    start: str
    start_again: str
    go_on: str
    next: str
    finish: str
    back: str
    optional: str
    choose_one: str
    choose_more: str
    error: str
    named: str
    errors: str
    recovered: str
    resume: str
    cookie: str
    no_session: str
    address_kept: str
    draft_kept: str
    draft_lost: str
    waiting: str
    held: str
    held_again: str
    held_later: str
    down: str
    busy_start: str
    whole_link: str
    whole_title: str
    whole_text: str
    whole_back: str
    whole_for: str
    code_wish: str
    code_shown: str
    code_how: str
    code_have: str
    code_none: str
    code_title: str
    code_label: str
    code_help: str
    code_wrong: str
    code_busy: str
    thanks: str
    thanks_text: str
    another: str
    closed: str
    closed_text: str
    not_open: str
    not_open_text: str
    busy: str
    unknown: str
    unknown_text: str
    no_entry: str
    no_entry_text: str
    too_large: str
    too_large_text: str
    unreadable: str
    unreadable_text: str
    broken: str


@dataclass(frozen=True, slots=True)
class ScriptWords:
    """What we say to who telephones, not to the respondent: the messages `script.…`."""

    title: str
    begin: str
    before: str
    consent: str
    read: str
    end: str
    end_text: str
    resume: str


@dataclass(frozen=True, slots=True)
class MonitorWords:
    """The words of a contact's page: the messages `monitor.…` without a number in them."""

    title: str
    about: str
    no_rate: str
    step: str
    number: str
    completed: str


def words(study: Study, language: str) -> PageWords:
    """The words of a page in a language of the study."""
    return _page_words(study.folder, language)


def script_words(study: Study, language: str) -> ScriptWords:
    """The words for who telephones."""
    return _script_words(study.folder, language)


def monitor_words(study: Study, language: str) -> MonitorWords:
    """The words of the monitor."""
    return of(study, language).fill(MonitorWords, "monitor")


def of(study: Study, language: str) -> Catalogue:
    """The respondents' catalogue of a study in one of its languages."""
    return respondents(language, study.folder)


@lru_cache(maxsize=100)
def _page_words(folder: Path, language: str) -> PageWords:
    return respondents(language, folder).fill(PageWords, "page")


@lru_cache(maxsize=100)
def _script_words(folder: Path, language: str) -> ScriptWords:
    return respondents(language, folder).fill(ScriptWords, "script")
