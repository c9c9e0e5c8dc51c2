"""The words of the pages themselves, per language. What a study says stands in the study."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

FALLBACK = "en"
"""The language of buttons in a study whose own language has no words here."""


@dataclass(frozen=True, slots=True)
class PageWords:
    """Every word around the questions. `{}` marks where a number or a name comes."""

    name: str
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


_NL = PageWords(
    name="Nederlands",
    browser_title="Vragenlijst",
    skip="Naar de inhoud",
    language_choice="Taal",
    step="Stap {} van {}",
    start="Beginnen",
    start_again="Opnieuw beginnen",
    go_on="Verder waar u was",
    next="Volgende",
    finish="Antwoorden insturen",
    back="Vorige",
    optional="niet verplicht",
    choose_one="Kies één antwoord.",
    choose_more="U mag meer dan één antwoord kiezen.",
    error="Fout",
    errors="Nog niet alles is goed ingevuld",
    recovered=(
        "We konden uw eerdere antwoorden niet terugvinden. Wat u net invulde, is wel bewaard. "
        "Wilt u de andere vragen hieronder nog eens beantwoorden?"
    ),
    resume="U bent op dit apparaat al begonnen. Uw antwoorden zijn bewaard.",
    cookie=(
        "Om uw antwoorden bij elkaar te houden, zetten we één cookie op dit apparaat. "
        "We bewaren niet wie u bent, vanaf welk adres u komt of welk apparaat u gebruikt."
    ),
    no_session=(
        "We zien op dit apparaat geen antwoorden van u. Begint u hieronder? Werkt dat niet, "
        "kijk dan of uw browser cookies van deze website toestaat."
    ),
    address_kept=(
        "U gaf al een adres op, en we hebben het apart bewaard. Laat dit vak leeg als het klopt."
    ),
    draft_kept="Bewaard",
    draft_lost="Nog niet bewaard. U kunt gewoon doorgaan.",
    waiting=(
        "Nog niet verstuurd: er is geen verbinding. Laat deze pagina open. We proberen het steeds "
        "opnieuw, en gaan vanzelf verder."
    ),
    held=(
        "Wat u net invulde, is nog niet bewaard. Het staat wel op deze pagina. Wacht een minuut en "
        "druk dan op de knop."
    ),
    held_again="Opnieuw insturen",
    held_later="Probeer het over een minuut nog eens. Wat u eerder instuurde, is bewaard.",
    down="We kunnen nu even niets bewaren",
    busy_start="Er beginnen nu veel mensen tegelijk. Wacht een minuut en druk dan nog eens.",
    whole_link="De hele vragenlijst lezen of afdrukken",
    whole_title="De hele vragenlijst",
    whole_text="Dit is de hele vragenlijst, om te lezen of af te drukken. Invullen doet u hier:",
    whole_back="naar de vragenlijst.",
    whole_for="Alleen voor {}.",
    code_wish="Verder op een ander apparaat",
    code_shown="Uw antwoorden zijn bewaard. Met deze code gaat u verder op een ander apparaat:",
    code_how=(
        "Open daar dezelfde link en kies 'Ik heb een code'. Bewaar de code goed: wie hem heeft, "
        "kan uw antwoorden zien. Vraagt u een nieuwe code, dan werkt deze niet meer."
    ),
    code_have="Ik heb een code",
    code_none="Ik heb geen code",
    code_title="Verder met een code",
    code_label="Uw code",
    code_help="Zestien letters en cijfers. Hoofdletters, spaties en streepjes maken niet uit.",
    code_wrong="Deze code kennen we niet. Kijk of alle tekens goed zijn overgenomen.",
    code_busy="Het is nu te druk. Probeer het over een minuut nog eens.",
    thanks="Hartelijk dank",
    thanks_text="Uw antwoorden zijn bewaard. U kunt deze pagina nu sluiten.",
    another="Nog een vragenlijst invullen op dit apparaat",
    closed="Deze vragenlijst is gesloten",
    closed_text=(
        "U kunt geen antwoorden meer insturen. Wat al was ingestuurd, is bewaard. "
        "Hartelijk dank voor uw belangstelling."
    ),
    not_open="Deze vragenlijst is nog niet open",
    not_open_text="Probeert u het later nog eens met dezelfde link.",
    busy="Het is nu erg druk",
    unknown="Deze pagina kennen we niet",
    unknown_text=(
        "Misschien is de link niet helemaal overgenomen. Kijk hem na, of vraag hem opnieuw aan "
        "degene die u heeft uitgenodigd."
    ),
    no_entry="Alleen voor interviewers",
    no_entry_text="Begin bij de onderzoeksbalie. De link daar opent de vragen, alleen vandaag.",
    too_large="Dit is te veel tekst",
    too_large_text=(
        "We konden deze pagina niet aannemen. Ga met uw browser terug naar de pagina, maak de "
        "tekst korter en stuur hem opnieuw in. Uw eerdere antwoorden zijn bewaard."
    ),
    unreadable="We konden dit niet lezen",
    unreadable_text=(
        "Ga met uw browser terug en stuur de pagina opnieuw in. Uw eerdere antwoorden zijn bewaard."
    ),
    broken="Er ging iets mis bij ons",
)

_EN = PageWords(
    name="English",
    browser_title="Questionnaire",
    skip="Skip to the content",
    language_choice="Language",
    step="Step {} of {}",
    start="Start",
    start_again="Start again",
    go_on="Go on where you left off",
    next="Next",
    finish="Send in my answers",
    back="Back",
    optional="not required",
    choose_one="Choose one answer.",
    choose_more="You may choose more than one answer.",
    error="Error",
    errors="Some answers still need your attention",
    recovered=(
        "We could not find your earlier answers. What you just filled in has been saved. "
        "Please answer the other questions below once more."
    ),
    resume="You have already started on this device. Your answers have been saved.",
    cookie=(
        "To keep your answers together we place one cookie on this device. We do not keep who "
        "you are, the address you come from, or which device you use."
    ),
    no_session=(
        "We see no answers of yours on this device. Please start below. If that does not work, "
        "check whether your browser allows cookies from this website."
    ),
    address_kept=(
        "You gave an address before, and we have kept it apart. Leave this box empty if it is "
        "right."
    ),
    draft_kept="Saved",
    draft_lost="Not saved yet. You can just go on.",
    waiting=(
        "Not sent yet: there is no connection. Leave this page open. We keep trying, and go on by "
        "ourselves."
    ),
    held=(
        "What you just filled in has not been saved yet. It stands on this page. Wait a minute and "
        "then press the button."
    ),
    held_again="Send it again",
    held_later="Please try again in a minute. What you sent in before has been saved.",
    down="We cannot save anything just now",
    busy_start="Many people are starting at once. Wait a minute and then press again.",
    whole_link="Read or print the whole questionnaire",
    whole_title="The whole questionnaire",
    whole_text="This is the whole questionnaire, to read or print. You fill it in here:",
    whole_back="to the questionnaire.",
    whole_for="Only for {}.",
    code_wish="Go on with another device",
    code_shown="Your answers have been saved. With this code you go on with another device:",
    code_how=(
        "Open the same link there and choose 'I have a code'. Keep the code safe: whoever has it "
        "can see your answers. If you ask for a new code, this one stops working."
    ),
    code_have="I have a code",
    code_none="I have no code",
    code_title="Go on with a code",
    code_label="Your code",
    code_help="Sixteen letters and digits. Capitals, spaces and dashes do not matter.",
    code_wrong="We do not know this code. Check that every character was copied.",
    code_busy="It is too busy now. Please try again in a minute.",
    thanks="Thank you very much",
    thanks_text="Your answers have been saved. You can close this page now.",
    another="Fill in another questionnaire on this device",
    closed="This questionnaire is closed",
    closed_text=(
        "You can no longer send in answers. What was sent in before has been saved. "
        "Thank you for your interest."
    ),
    not_open="This questionnaire is not open yet",
    not_open_text="Please try the same link again later.",
    busy="It is very busy now",
    unknown="We do not know this page",
    unknown_text=(
        "Perhaps the link was not copied completely. Check it, or ask the person who invited you "
        "to send it again."
    ),
    no_entry="For interviewers only",
    no_entry_text="Begin at the research desk. The link there opens the questions, today only.",
    too_large="This is too much text",
    too_large_text=(
        "We could not accept this page. Go back with your browser, shorten the text and send it "
        "in again. Your earlier answers have been saved."
    ),
    unreadable="We could not read this",
    unreadable_text=(
        "Go back with your browser and send the page in again. Your earlier answers have been "
        "saved."
    ),
    broken="Something went wrong on our side",
)

_WORDS: Mapping[str, PageWords] = {"nl": _NL, "en": _EN}


def words(language: str) -> PageWords:
    """The words in a language."""
    return _WORDS.get(language, _WORDS[FALLBACK])
