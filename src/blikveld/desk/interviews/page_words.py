"""The words of the coding page and of its script, Dutch and English."""

from __future__ import annotations

from collections.abc import Mapping

from blikveld.desk.words import both
from blikveld.study.model import Text

PAGE: Mapping[str, Text] = {
    "to_text": both("Naar de tekst", "Skip to the text"),
    "words_count": both("woorden", "words"),
    "alone": both("Ieder codeert apart", "Everybody codes apart"),
    "comparing": both("Het vergelijken is begonnen", "Comparing has begun"),
    "other_interview": both("Gesprek", "Interview"),
    "go": both("Open", "Open"),
    "back": both("Terug", "Back"),
    "undo_last": both("Ongedaan maken", "Undo"),
    "side_by_side": both("Naast elkaar", "Side by side"),
    "keys_button": both("Toetsen", "Keys"),
    "panel": both("Paneel", "Panel"),
    "panel_label": both("Codeboek en passages", "Codebook and passages"),
    "margin_label": both("Codes in de kantlijn", "Codes in the margin"),
    "bar_label": both("Gekozen woorden coderen", "Code the chosen words"),
    "all_interviews": both("Alle gesprekken", "All interviews"),
    "tab_codes": both("Codeboek", "Codebook"),
    "tab_passages": both("Passages", "Passages"),
    "tab_search": both("Zoeken", "Search"),
    "tab_memos": both("Memo’s", "Memos"),
    "choose_code": both("Code kiezen", "Choose a code"),
    "find_code": both("Code zoeken of maken", "Find or make a code"),
    "type_code": both("Typ een code…", "Type a code…"),
    "box_help": both(
        "Enter: geven. Ctrl+Enter: nog een. Shift+Enter: met memo.",
        "Enter: give. Ctrl+Enter: another. Shift+Enter: with a memo.",
    ),
    "write_memo": both("Memo bij deze woorden", "Memo on these words"),
    "close": both("Sluiten", "Close"),
    "keep": both("Bewaren", "Save"),
    "keys_title": both("Toetsen, terwijl u in de tekst bent", "Keys, while you are in the text"),
    "passages_of": both("Passages van {}", "Passages of {}"),
    "edit_code": both("{} veranderen", "Change {}"),
    "any": both("alle", "all"),
    "site": both("Gemeente", "Municipality"),
    "role": both("Beroep", "Job"),
    "coder": both("Codeur", "Coder"),
    "word": both("Woorden", "Words"),
    "show": both("Toon", "Show"),
    "passages_count": both("{} passages in {} gesprekken", "{} passages in {} interviews"),
    "no_passages": both("Er zijn geen passages.", "There are no passages."),
    "search_for": both("Woorden om te zoeken", "Words to search for"),
    "search": both("Zoek", "Search"),
    "hits_count": both("{} zinnen gevonden", "{} sentences found"),
    "hits_most": both("De eerste 300 staan hier.", "The first 300 are shown."),
    "code_hits": both("Code geven aan wat is aangevinkt", "Give the code to what is ticked"),
    "tick": both("Aanvinken: {}", "Tick: {}"),
    "memo_about": both("Waarover", "About"),
    "about_text": both("deze tekst", "this text"),
    "about_study": both("het onderzoek", "the study"),
    "about_selection": both("de gekozen woorden", "the chosen words"),
    "new_code": both("Nieuwe code", "New code"),
    "or_new": both("of een nieuwe code", "or a new code"),
    "with_memo": both("Memo (mag leeg)", "Memo (may be empty)"),
    "here": both("Codes hier", "Codes here"),
    "nothing_chosen": both(
        "Kies eerst een zin of woorden in de tekst.",
        "Choose a sentence or words in the text first.",
    ),
    "split": both("Splitsen", "Split"),
    "split_text": both(
        "Uw passages van deze code met deze woorden krijgen een nieuwe code. Die van anderen"
        " blijven zoals ze zijn.",
        "Your passages of this code with these words get a new code. Those of others stay as they"
        " are.",
    ),
    "memos_on": both("Memo’s bij deze code", "Memos on this code"),
    "done_times": both(
        "Gedaan: {} keer. z neemt alles samen terug.", "Done {} times. z undoes all."
    ),
    "taken_back": both("Teruggenomen: {}", "Taken back: {}"),
    "download": both("Downloaden", "Download"),
}

KEYS: tuple[tuple[str, Text], ...] = (
    ("↓ ↑", both("volgende of vorige zin", "next or previous sentence")),
    ("Shift ↓ ↑", both("een zin erbij of eraf", "one sentence more or less")),
    ("→ ←", both("het einde een woord verder of terug", "end: a word further or back")),
    ("Shift → ←", both("het begin een woord verder of terug", "start: a word further or back")),
    ("PgDn PgUp", both("volgende of vorige beurt", "next or previous turn")),
    ("Enter, q", both("de laatste code geven", "give the last code")),
    ("1–9", both("een van de laatste codes geven", "give one of the last codes")),
    ("c", both("een code kiezen of maken", "choose or make a code")),
    ("m", both("een memo schrijven", "write a memo")),
    ("v", both("alles bij de gekozen woorden", "all about the chosen words")),
    ("n p", both("volgende of vorige passage", "next or previous passage")),
    ("o", both("volgende passage op deze plek", "next passage in this place")),
    ("e", both("de woorden van de passage kiezen", "choose the words of the passage")),
    ("w", both("de passage krijgt de gekozen woorden", "the passage gets the chosen words")),
    ("x", both("een eigen code weghalen", "remove a code of one’s own")),
    ("z", both("de eigen laatste stap terugnemen", "take back one’s last step")),
    ("r", both("alle passages van deze code", "all passages of this code")),
    ("b", both("terug naar waar u was", "back to where you were")),
    ("f", both("zoeken en coderen", "search and code")),
    ("\\", both("paneel weg of terug", "panel away or back")),
)

SCRIPT: Mapping[str, Text] = {
    "coded_by": both("{}, door {}", "{}, by {}"),
    "choose_first": both("Kies eerst woorden.", "Choose words first."),
    "frozen": both(
        "Het vergelijken is begonnen: wat ieder apart deed, blijft zoals het is.",
        "Comparing has begun: what each did apart stays as it is.",
    ),
    "has_it": both("Deze woorden hebben {} al.", "These words have {} already."),
    "given": both("{} gegeven.", "{} given."),
    "removed": both("{} weggehaald. z neemt dat terug.", "{} removed. z takes that back."),
    "not_yours": both("Hier is geen passage van u.", "There is no passage of yours here."),
    "resize_how": both(
        "Wijs eerst uw passage aan (o), kies dan andere woorden.",
        "Point at your passage first (o), then choose other words.",
    ),
    "resized": both("De passage heeft nu deze woorden.", "The passage has these words now."),
    "memo": both("Memo", "Memo"),
    "memo_kept": both("Memo bewaard.", "Memo saved."),
    "more": both("Meer", "More"),
    "other_code": both("Andere code", "Another code"),
    "new_code": both("Nieuwe code “{}”", "New code “{}”"),
    "done": both("Gedaan. z neemt het terug.", "Done. z takes it back."),
    "text_label": both(
        "De tekst, zin voor zin. Het vraagteken toont de toetsen.",
        "The text, sentence by sentence. The question mark shows the keys.",
    ),
    "no_connection": both(
        "Er is geen verbinding. {} stappen wachten in dit tabblad en gaan straks mee.",
        "There is no connection. {} steps wait in this tab and will be sent.",
    ),
    "signed_out": both(
        "U bent uitgelogd. Log in een ander tabblad in; {} stappen wachten hier.",
        "You are signed out. Sign in in another tab; {} steps wait here.",
    ),
}
