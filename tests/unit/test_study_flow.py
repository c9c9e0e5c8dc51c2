"""What of a question is shown to whom: options and rows with a rule of their own."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from blikveld.fieldwork import SurveyLink, sessions
from blikveld.kinds import AskedQuestion
from blikveld.questionnaire import Routing, keep, read
from blikveld.questionnaire.answers import CONFIRMED_FIELD
from blikveld.questionnaire.routing import shown_items
from blikveld.rules import Missing, Value, parse
from blikveld.study.changes import ChangeKind, compare_descriptions
from blikveld.study.examples import example_respondents
from blikveld.study.identity import describe_study
from blikveld.study.items import piped_names, questions_of
from blikveld.study.labels import name_answers
from blikveld.study.load import find_faults, load
from blikveld.study.model import Mode, Study
from blikveld.synthetic.trial_respondents import draw_respondents
from blikveld.web.page_layout import (
    GridLayout,
    PageLayout,
    QuestionLayout,
    TextLayout,
    lay_out_page,
    lay_out_shown,
)

STUDIES = Path(__file__).parents[1] / "studies"
ZAND: Mapping[str, Value] = {"town": "zand", "mode": "web", "language": "nl"}


@pytest.fixture(scope="module")
def flow() -> Study:
    return load(STUDIES / "flow")


def _offered(study: Study, answers: Mapping[str, Value]) -> dict[str, tuple[str, ...]]:
    """Each question that is shown on some page, with the codes that are offered there."""
    routing = Routing(study)
    items = (i for page in routing.pages for i in routing.items(page, {**ZAND, **answers}))
    questions = (question for item in items for question in questions_of(item))
    return {q.key: tuple(option.code for option in q.options) for q in questions}


@pytest.mark.parametrize(
    ("town", "codes"),
    [
        ("zand", ("bike", "car", "other", "none")),
        ("veen", ("bike", "car", "bus", "other", "none")),
    ],
)
def test_an_option_is_offered_to_whom_its_rule_is_true_of(
    flow: Study, town: str, codes: tuple[str, ...]
) -> None:
    assert _offered(flow, {"town": town})["have"] == codes


def test_options_are_carried_forward_to_who_chose_them_or_did_not(flow: Study) -> None:
    offered = _offered(flow, {"have": ("bike", "other"), "have_other": "step"})
    assert offered["best"] == ("bike", "other")
    # The bus is offered in the other town only, also where nobody chose it; 'none' stands alone.
    assert offered["wanted"] == ("car", "boat")


def test_a_question_with_nothing_to_offer_is_not_asked(flow: Study) -> None:
    offered = _offered(flow, {"have": ("none",)})
    assert "best" not in offered
    assert offered["wanted"] == ("bike", "car", "other", "boat")
    record = Routing(flow).complete(
        site="zand", mode="web", language="nl", answers={"have": ("none",)}, completed=True,
        pages_done=3,
    )  # fmt: skip
    assert record["best"] is Missing.NOT_ASKED
    assert record["wanted"] is Missing.SKIPPED


def test_a_row_stands_in_its_grid_for_whom_its_rule_is_true_of(flow: Study) -> None:
    offered = _offered(flow, {"have": ("car", "other"), "have_other": "step"})
    assert "bike_use" not in offered
    assert offered["car_use"] == ("daily", "rarely", "never")
    assert _offered(flow, {"have": ("car",)})["car_use"] == ("daily", "never")
    assert not {"bike_use", "car_use"} & _offered(flow, {"have": ("none",)}).keys()
    routing = Routing(flow)
    shown = routing.items(routing.pages[1], {**ZAND, "have": ("none",)})
    assert [item.key for item in shown] == ["wanted"]


def test_a_row_is_for_whom_its_grid_is_for(flow: Study) -> None:
    routing = Routing(flow)
    given = {**ZAND, "have": ("car",), "wanted": ("boat",), "car_price": "5"}
    assert routing.person(given)["car_price"] == 5
    assert routing.person({**given, "wanted": ("bike",)})["car_price"] is Missing.NOT_ASKED


@pytest.mark.parametrize(
    ("answers", "codes"),
    [
        ({"have": ("bike",)}, ("no",)),
        ({"have": ("bike",), "wanted": ("boat",)}, ("no", "once")),
        ({"have": ("bike",), "wanted": ("car",)}, ("no", "often")),
        ({"have": ("bike", "car", "other"), "wanted": ("boat",)}, ("no", "once", "perhaps")),
    ],
)
def test_an_option_whose_rule_is_unknown_is_not_offered(
    flow: Study, answers: Mapping[str, Value], codes: tuple[str, ...]
) -> None:
    assert _offered(flow, answers)["sail"] == codes
    person = Routing(flow).person
    kept = {code: person({**ZAND, **answers, "sail": code})["sail"] == code for code in _SAIL}
    assert [code for code, stays in kept.items() if stays] == list(codes)


_SAIL = ("no", "once", "often", "perhaps")


def test_a_page_that_arrives_early_is_kept_as_it_may_be_offered_later(flow: Study) -> None:
    routing = Routing(flow)
    session = sessions.start(routing, "", SurveyLink("zand", Mode.WEB), "nl").session
    form = {"best": ["bus"], "car_use": ["rarely"]}
    reading = sessions.parse_page(routing, session, routing.pages[1], form)
    assert reading.answers == {"best": "bus", "car_use": "rarely"}


def test_an_answer_that_is_no_longer_offered_is_asked_again(flow: Study) -> None:
    routing = Routing(flow)
    given = {**ZAND, "have": ("bike", "car"), "best": "car", "bike_use": "rarely"}
    assert routing.person(given)["best"] == "car"
    changed = {**given, "have": ("bike",)}
    person = routing.person(changed)
    assert (person["best"], person["bike_use"]) == (Missing.SKIPPED, Missing.SKIPPED)
    opened = routing.first_open(changed)
    assert opened is not None
    assert opened.number == routing.page_of["best"]
    assert routing.person({**changed, "have": ("bike", "car")})["best"] == "car"


def test_of_several_chosen_those_that_are_offered_stay(flow: Study) -> None:
    given = {**ZAND, "have": ("bike",), "wanted": ("bike", "boat")}
    assert Routing(flow).person(given)["wanted"] == ("boat",)
    assert Routing(flow).person({**given, "wanted": ("bike",)})["wanted"] is Missing.SKIPPED


def test_a_form_may_not_choose_what_is_not_offered(flow: Study) -> None:
    routing = Routing(flow)
    page = routing.pages[routing.page_of["best"] - 1]
    answers = {**ZAND, "have": ("bike",)}
    form = {"best": ["car"], "bike_use": ["rarely"], "car_use": ["daily"]}
    reading = read(routing, page, "zand", answers, form)
    assert [(m.question, m.code.value) for m in reading.messages] == [
        ("best", "not_offered"),
        ("bike_use", "not_offered"),
    ]
    # A row that is not shown is no part of the form.
    assert "car_use" not in reading.answers
    right = read(routing, page, "zand", answers, {"best": ["bike"], "bike_use": ["never"]})
    assert keep({}, right) == {"best": "bike", "bike_use": "never"}


def test_what_hangs_on_an_option_begins_a_page(flow: Study) -> None:
    pages = [[item.key for item in page.items] for page in Routing(flow).pages]
    # A page breaks as well before words that fill in what was answered on it.
    assert pages == [["have"], ["best", "wanted", "often"], ["sail", "price", "since"], _WORDS]


_WORDS = ["recall", "money", "why", "carry", "paid"]


def _page(study: Study, answers: Mapping[str, Value], language: str = "nl") -> PageLayout:
    routing, link = Routing(study), SurveyLink("zand", Mode.WEB)
    person = routing.person({**ZAND, "language": language, **answers})
    page = routing.pages[3]
    return lay_out_shown(routing, page, shown_items(page, person), person, language, link)


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({}, "U koos niets, het liefst geen &amp; anders niets &#34;anders&#34;."),
        (
            {"have": ("bike", "other"), "have_other": "een <b>step</b>", "best": "other"},
            "U koos <bdi>Fiets, Iets anders</bdi>, het liefst <bdi>Iets anders</bdi> &amp; anders"
            " <bdi>een &lt;b&gt;step&lt;/b&gt;</bdi>.",
        ),
        # What is no longer on the path is not filled in, and neither is what is not offered.
        (
            {"have": ("bike",), "have_other": "step", "best": "car"},
            "U koos <bdi>Fiets</bdi>, het liefst geen &amp; anders niets &#34;anders&#34;.",
        ),
    ],
)
def test_an_earlier_answer_stands_in_a_text(
    flow: Study, answers: Mapping[str, Value], words: str
) -> None:
    (recall, *_) = _page(flow, answers).sections[0].layouts
    assert isinstance(recall, TextLayout)
    assert recall.text == (words,)


@pytest.mark.parametrize(
    ("answers", "language", "words"),
    [
        ({}, "nl", ("naast 0 voor", "sinds kort", "veel: onbekend, schipper: nee")),
        (
            {"have": ("car",), "wanted": ("boat",), "boat_price": "1500", "since": "2020-03-12"},
            "nl",
            (
                "naast <bdi>1500</bdi> voor",
                "sinds <bdi>12 maart 2020</bdi>",
                "schipper: <bdi>Ja</bdi>",
            ),
        ),
        (
            {"have": ("bike", "car", "other"), "since": "2020-03-12"},
            "en",
            ("beside 0 for", "since <bdi>12 March 2020</bdi>", "much: <bdi>Yes</bdi>"),
        ),
    ],
)
def test_numbers_days_and_derived_values_are_written_in_the_language(
    flow: Study, answers: Mapping[str, Value], language: str, words: tuple[str, ...]
) -> None:
    grid = _page(flow, answers, language).sections[0].layouts[1]
    assert isinstance(grid, GridLayout)
    found = (*grid.text, *(part for row in grid.rows for part in row.text))
    assert [said for said, wanted in zip(found, words, strict=True) if wanted not in said] == []


def test_what_words_fill_in_is_known_of_an_item(flow: Study) -> None:
    named = {item.key: piped_names(item) for part in flow.sections for item in part.items}
    assert {key: set(found) for key, found in named.items() if found} == {
        "recall": {"have", "best", "have_other"},
        "money": {"boat_price", "since", "much", "sailor"},
    }


@pytest.mark.parametrize(
    ("form", "told"),
    [
        (["car", "boat"], []),
        (["car", "other", "boat"], [("too_many_chosen", "Kies er hoogstens 2.")]),
    ],
)
def test_no_more_are_chosen_than_may_be(
    flow: Study, form: list[str], told: list[tuple[str, str]]
) -> None:
    routing = Routing(flow)
    fields = {"wanted": form, "best": ["bike"], "bike_use": ["never"]}
    reading = read(routing, routing.pages[1], "zand", {**ZAND, "have": ("bike",)}, fields)
    assert [(m.code.value, m.text["nl"]) for m in reading.messages] == told


def test_how_many_may_be_chosen_stands_above_the_answers(flow: Study) -> None:
    layout = lay_out_page(Routing(flow), 2, "nl", SurveyLink("zand", Mode.WEB))
    wanted = next(field for field in layout.sections[0].layouts if field.key == "wanted")
    assert isinstance(wanted, QuestionLayout)
    assert (wanted.input, wanted.how) == ("checkbox", "Kies er hoogstens 2.")


_BOAT = {**ZAND, "have": ("car",), "best": "car", "car_use": "never", "wanted": ("boat",)}


def _checked(
    study: Study, boat: str, car: str, confirmed: tuple[str, ...] = ()
) -> list[tuple[str, str, str]]:
    routing = Routing(study)
    form = {"boat_price": [boat], "car_price": [car], CONFIRMED_FIELD: confirmed}
    reading = read(routing, routing.pages[2], "zand", _BOAT, form)
    return [(m.question, m.code.value, m.check) for m in reading.messages]


@pytest.mark.parametrize(
    ("boat", "car", "confirmed", "told"),
    [
        ("500", "500", (), []),
        ("499", "500", (), [("car_price", "check", "")]),
        ("501", "500", (), [("car_price", "check_soft", "dear")]),
        ("501", "500", ("dear",), []),
        # What is refused is refused whatever was confirmed, and is told first.
        ("900", "901", ("dear", "boat"), [("car_price", "check", "")]),
        ("900", "901", (), [("car_price", "check", "")]),
        # Nothing is known of an answer that was left blank, and one that is wrong is told itself.
        ("", "500", (), []),
        ("2000", "much", (), [("car_price", "no_number", "")]),
    ],
)
def test_answers_are_held_against_each_other(
    flow: Study, boat: str, car: str, confirmed: tuple[str, ...], told: list[tuple[str, str, str]]
) -> None:
    assert _checked(flow, boat, car, confirmed) == told


def test_a_check_without_words_of_its_own_has_the_usual_ones(flow: Study) -> None:
    checks = tuple(replace(check, text={}) for check in flow.checks)
    routing = Routing(replace(flow, checks=checks))
    form = {"boat_price": ["1"], "car_price": ["2"]}
    (message,) = read(routing, routing.pages[2], "zand", _BOAT, form).messages
    assert message.text["nl"].startswith("Deze antwoorden passen niet bij elkaar.")
    form = {"boat_price": ["2000"], "car_price": ["2"]}
    (message,) = read(routing, routing.pages[2], "zand", _BOAT, form).messages
    assert message.text["nl"] == "Deze antwoorden komen zelden samen voor."


def test_a_check_keeps_nobody_who_is_not_asked(flow: Study) -> None:
    routing = Routing(flow)
    wrong = {**_BOAT, "boat_price": "1", "car_price": "2"}
    opened = routing.first_open(wrong)
    assert opened is not None
    assert opened.number == routing.page_of["car_price"]
    assert routing.first_open({**wrong, "boat_price": "2"}) is None
    # A doubt keeps nobody, and neither does an answer that is off the path.
    assert routing.first_open({**wrong, "boat_price": "2000"}) is None
    assert routing.first_open({**wrong, "wanted": ("bike",)}) is None
    # Who is not asked the last question of a check never gets to its page.
    assert routing.first_open({**ZAND, "have": ("none",)}) is None


def test_an_earlier_answer_that_changes_opens_the_page_of_the_check_again(flow: Study) -> None:
    routing = Routing(flow)
    fine = {**_BOAT, "boat_price": "5", "train": "40", "plane": "20"}
    assert routing.first_open(fine) is None
    opened = routing.first_open({**fine, "boat_price": "0"})
    assert opened is not None
    assert opened.number == routing.page_of["plane"]


def test_nobody_who_is_made_up_is_refused_by_a_check(flow: Study) -> None:
    routing = Routing(flow)
    people = [(p.site, p.answers) for p in example_respondents(flow, 60)]
    people += [(p.site, p.answers) for p in draw_respondents(flow, 60) if p.pages is None]
    held = 0
    for site, answers in people:
        assert routing.first_open({**ZAND, **answers, "town": site}) is None
        held += "car_price" in answers and "boat_price" in answers
    assert held > 3


def test_nobodys_answers_stand_on_the_whole_questionnaire(flow: Study) -> None:
    layout = lay_out_page(Routing(flow), 4, "nl", SurveyLink("zand", Mode.PHONE))
    (recall, *_) = layout.sections[0].layouts
    assert isinstance(recall, TextLayout)
    assert recall.text == ("U koos dus niets.",)


def test_elsewhere_a_label_stands_where_an_answer_is_filled_in(flow: Study) -> None:
    text = flow.questions["plane"].text["en"]
    assert name_answers(text, flow, "en") == "Flying, much: [Uses much], skipper: [Sails]"
    assert name_answers("In {town}: {since|…}", flow, "en") == "In [Town]: [Since when?]"


def test_nobody_who_is_made_up_chooses_what_is_not_offered(flow: Study) -> None:
    routing = Routing(flow)
    people = [(p.site, p.answers) for p in example_respondents(flow, 60)]
    people += [(p.site, p.answers) for p in draw_respondents(flow, 60)]
    chosen = set[str]()
    for site, answers in people:
        person = routing.person({**ZAND, **answers, "town": site})
        for name in answers.keys() & flow.questions.keys():
            kind = flow.questions[name].kind
            kept = kind.read_value(answers[name]) if kind.encoded else answers[name]
            assert person[name] == kept
            assert kind.is_kept(AskedQuestion(name, flow.questions[name].options), answers[name])
        chosen.update(str(answers.get("best")).split())
    assert {"bike", "car", "bus", "other"} <= chosen


_RULES = {
    "later": ("show_if: \"town == 'veen'\"", "show_if: \"best == 'car'\"", "'best' is asked later"),
    "own": ("show_if: \"count(have)", "show_if: \"count(often)", "Nothing here is called 'often'"),
    "itself": ("\"count(have) >= 2\"", "\"car_use == 'never'\"", "A question cannot hang on"),
    "row": ("\"'car' in have\"", "\"bike_use == 'never'\"", "The rows of a grid stand on one page"),
    "unknown": ("{question: have, which: chosen}", "{question: has, which: chosen}", "No earlier"),
    "which": ("which: chosen}", "which: all}", "'which' cannot be 'all'"),
    "nobody": ("\"'car' in have\"", "\"'car' in have and count(have) == 0\"", "the row 'car_use'"),
    "option": ("\"count(have) >= 2\"", "\"count(have) >= 8\"", "the answer 'rarely' of 'bike_use'"),
    "text on a row": ("U koos {have|niets}", "U koos {train|niets}", "'train' is asked later"),
    "piped late": ("U koos {have|niets}", "U koos {why|niets}", "'why' is asked later"),
    "piped itself": ("sinds {since|", "sinds {train|", "A question cannot hang on itself"),
    "piped unknown": ("U koos {have|niets}", "U koos {haev|niets}", "called 'haev'"),
    "no fallback": ("U koos {have|niets}", "U koos {have}", "'{have}' in 'nl' is nothing that can"),
    "no words": ("U koos {have|niets}", "U koos {have| }", "'{have| }' in 'nl'"),
    "in a title": ("In uw woorden", "In {have|uw} woorden", "is nothing that can be filled in"),
    "short": (", short: {nl: Trein, en: Train}", "", "A label for tables cannot be made"),
    "least": ("most: 2\n", "least: 3\n        most: 5\n", "At least 3 have to be chosen, and 1"),
    "none": ("most: 2\n", "most: 0\n", "0 is no number of answers"),
    "check late": ("\"boat_price >= car_price\"", "\"best_price > 3\"", "called 'best_price'"),
    "check nothing": ("\"boat_price >= car_price\"", "\"town == 'veen'\"", "looks at no answer"),
    "check end": ("\"boat_price >= car_price\"", "\"completed\"", "Whether somebody completed"),
    "check twice": ("key: dear", "key: boat", "The check 'boat' stands twice"),
    "severity": ("severity: soft", "severity: mild", "'severity' cannot be 'mild'"),
    "open": ("options_from: {question: have, which: chosen}",
             "options_from: {question: why, which: chosen}", "No earlier question"),
}  # fmt: skip


@pytest.mark.parametrize("name", _RULES)
def test_a_rule_of_an_option_or_row_that_cannot_be_is_a_fault_at_its_line(
    tmp_path: Path, name: str
) -> None:
    old, new, problem = _RULES[name]
    folder = tmp_path / "flow"
    shutil.copytree(STUDIES / "flow", folder)
    path = folder / "questionnaire.yaml"
    lines = path.read_text(encoding="utf-8")
    assert old in lines
    path.write_text(lines.replace(old, new, 1), encoding="utf-8")
    told = [fault.line for fault in find_faults(folder) if problem in fault.problem]
    changed = lines[: lines.index(old)].count("\n") + 1
    # A list with a name is told where a question uses it.
    used = next(n for n, text in enumerate(lines.splitlines(), 1) if "options: vehicles" in text)
    assert told
    assert set(told) <= {changed, used}


def test_a_ranking_offers_everybody_the_same(tmp_path: Path) -> None:
    folder = tmp_path / "flow"
    shutil.copytree(STUDIES / "flow", folder)
    path = folder / "questionnaire.yaml"
    text = path.read_text(encoding="utf-8").replace("kind: multiple", "kind: ranking", 1)
    path.write_text(text, encoding="utf-8")
    assert "A ranking offers everybody the same answers." in {
        f.problem for f in find_faults(folder)
    }


_BOXES = {
    "carry_other_bag": ("bag",),
    "carry_other_pet": ("pet",),
    "paid_other_work": ("work",),
    "paid_other_someone": ("someone",),
}


def test_each_of_several_boxes_has_a_variable_of_its_own(flow: Study) -> None:
    assert flow.questions["have"].other_keys == ("have_other",)
    found = [name for q in ("carry", "paid") for name in flow.questions[q].other_keys]
    assert found == list(_BOXES)
    labels = {name: flow.variables[name].label["en"] for name in ("have_other", *_BOXES)}
    assert labels["have_other"] == "What do you use?"
    assert labels["carry_other_pet"] == "What do you take along?: An animal"


@pytest.mark.parametrize(
    ("carry", "texts", "told"),
    [
        (["bag", "pet"], {"bag": "brood", "pet": "kat"}, ""),
        (["map", "pet"], {"pet": "kat"}, ""),
        (["map"], {}, ""),
        ([], {}, ""),
        (["bag", "pet"], {"pet": "kat"}, "other_missing"),
        (["bag", "pet"], {"bag": "brood"}, "other_missing"),
        (["bag"], {"bag": "brood", "pet": "kat"}, "other_not_chosen"),
        (["bag"], {"pet": "kat"}, "other_missing"),
    ],
)
def test_each_option_that_asks_for_a_text_needs_its_own(
    flow: Study, carry: list[str], texts: Mapping[str, str], told: str
) -> None:
    routing = Routing(flow)
    form = {"carry": carry, **{f"carry_other_{code}": [text] for code, text in texts.items()}}
    reading = read(routing, routing.pages[3], "zand", {**ZAND, "have": ("none",)}, form)
    assert [(m.question, m.code.value) for m in reading.messages] == (
        [("carry", told)] if told else []
    )
    given = {f"carry_other_{code}": text for code, text in texts.items()}
    kept = {name: text for name, text in reading.answers.items() if name != "carry"}
    assert kept == ({} if told else given)
    begun = {name: found for name, found in reading.incomplete.items() if name != "carry"}
    assert begun == ({name: (text,) for name, text in given.items()} if told else {})


@pytest.mark.parametrize(
    ("answers", "open_boxes"),
    [
        ({"carry": ("pet", "map"), "paid": "someone"}, {"carry_other_pet", "paid_other_someone"}),
        ({"carry": ("bag", "pet"), "paid": "self"}, {"carry_other_bag", "carry_other_pet"}),
        ({"carry": ("map",), "paid": "work"}, {"paid_other_work"}),
    ],
)
def test_a_text_counts_beside_its_own_option_only(
    flow: Study, answers: Mapping[str, Value], open_boxes: set[str]
) -> None:
    texts = dict.fromkeys(_BOXES, "woord")
    person = Routing(flow).person({**ZAND, "have": ("none",), **answers, **texts})
    assert {name: person[name] for name in _BOXES} == {
        name: "woord" if name in open_boxes else Missing.NOT_ASKED for name in _BOXES
    }
    blank = Routing(flow).person({**ZAND, "have": ("none",), **answers})
    assert {name for name in _BOXES if blank[name] is Missing.SKIPPED} == open_boxes


def test_a_rule_finds_who_wrote_in_one_box_and_not_in_another(flow: Study) -> None:
    rule = parse("answered(carry_other_pet) and not answered(carry_other_bag)")
    (found,) = example_respondents(flow, 1, among=rule)
    record = Routing(flow).complete(
        site=found.site, mode=found.mode, language=found.language, answers=found.answers,
        completed=found.completed, pages_done=found.pages_done,
    )  # fmt: skip
    assert isinstance(record["carry_other_pet"], str)
    assert not isinstance(record["carry_other_bag"], str)


def _changed(tmp_path: Path, old: str, new: str) -> list[tuple[str, str]]:
    folder = tmp_path / "study"
    shutil.copytree(STUDIES / "flow", folder)
    path = folder / "questionnaire.yaml"
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
    return [(fault.code, f"{fault.problem} {fault.mend}") for fault in find_faults(folder)]


def test_a_second_box_takes_the_name_of_the_first_and_is_told(flow: Study, tmp_path: Path) -> None:
    assert _changed(tmp_path, ', text: {nl: "met", en: "with"}', "") == []
    one = load(tmp_path / "study")
    assert one.questions["carry"].other_keys == ("carry_other",)
    changes = compare_descriptions(describe_study(one), describe_study(flow))
    assert {(change.kind, change.name) for change in changes if change.name} == {
        (ChangeKind.QUESTION_RETIRED, "carry_other"),
        (ChangeKind.QUESTION_ADDED, "carry_other_bag"),
        (ChangeKind.QUESTION_ADDED, "carry_other_pet"),
    }


def test_other_words_for_an_option_are_told_once(flow: Study, tmp_path: Path) -> None:
    assert (
        _changed(tmp_path, "label: {nl: Een dier, en: An animal}", "label: {nl: Dier, en: Pet}")
        == []
    )
    changes = compare_descriptions(describe_study(flow), describe_study(load(tmp_path / "study")))
    assert {change.name for change in changes if change.name} == {"carry"}


@pytest.mark.parametrize(
    ("old", "new", "code", "words"),
    [
        ("code: pet,", "code: Pet,", "other-text", "Write 'Pet' otherwise"),
        ("code: pet,", 'code: "a+",', "other-text", "'carry_other_a+' cannot be a name"),
        ("question: why", "question: carry_other_pet", "duplicate", "a box of 'carry'"),
        ("question: paid", "question: carry_other", "duplicate", "a box of 'carry'"),
    ],
)
def test_what_is_wrong_with_several_boxes_is_told(
    tmp_path: Path, old: str, new: str, code: str, words: str
) -> None:
    (found,) = set(_changed(tmp_path, old, new))
    assert (found[0], words in found[1]) == (code, True), found


def test_a_question_with_several_boxes_cannot_be_coded(tmp_path: Path) -> None:
    coded = (
        "{key: payer, label: {nl: a, en: b}, from: paid, default: x,"
        " values: [{code: x, label: {nl: x, en: x}}]}"
    )
    folder = tmp_path / "study"
    shutil.copytree(STUDIES / "flow", folder)
    path = folder / "derived.yaml"
    path.write_text(f"coded: [{coded}]\n{path.read_text(encoding='utf-8')}", encoding="utf-8")
    (fault,) = find_faults(folder)
    assert (fault.code, fault.line) == ("coded", 1)
    assert "asks for a text at several answers" in fault.problem
