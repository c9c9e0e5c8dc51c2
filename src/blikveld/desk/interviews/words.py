"""The words of the interviews' pages, Dutch and English."""

from __future__ import annotations

from collections.abc import Mapping

from blikveld.desk.words import both
from blikveld.interviews.coding import ActionKind as Act
from blikveld.interviews.coding import MemoKind
from blikveld.interviews.deidentification import IdentifierKind
from blikveld.study.model import Text

WORDS: Mapping[str, Text] = {
    "interviews": both("Gesprekken", "Interviews"),
    "interviews_about": both(
        "Gesprekken coderen en citaten kiezen.", "Code interviews and choose quotes."
    ),
    "interviews_codes": both("Codeboek", "Codebook"),
    "interviews_themes": both("Thema’s", "Themes"),
    "interviews_quotes": both("Citaten", "Quotes"),
    "interviews_log": both("Wat ik deed", "What I did"),
    "interviews_exchange": both("Uitwisselen", "Exchange"),
    "within": both("Binnen gesprekken", "Within interviews"),
    "new": both("Gesprek toevoegen", "Add an interview"),
    "new_text": both(
        "De namen van wie sprak gaan eruit voordat er iets wordt bewaard.",
        "The names of who spoke go before anything is kept.",
    ),
    "file": both(
        "Bestand: .vtt, .srt, .sbv, .docx, .odt, .rtf, .pdf, .xlsx, .csv, .json of .txt",
        "File: .vtt, .srt, .sbv, .docx, .odt, .rtf, .pdf, .xlsx, .csv, .json or .txt",
    ),
    "name": both("Korte naam", "Short name"),
    "name_help": both("Zoals g1. Geen naam van een mens.", "Such as g1. Not a person’s name."),
    "speakers": both("Wie er spreekt", "Who speaks"),
    "speakers_help": both(
        "Op elke regel: naam, andere naam = wat er komt te staan. "
        "Zoals: Famke Osinga, Famke = Interviewer",
        "On each line: name, other name = what is printed. "
        "Such as: Famke Osinga, Famke = Interviewer",
    ),
    "speakers_form": both("Zet op elke regel een =.", "Put a = on each line."),
    "organisations": both("Organisaties die eruit moeten", "Organisations that have to go"),
    "organisations_help": both("Eén per regel. Mag leeg.", "One a line. May be empty."),
    "function": both("Beroep van wie sprak", "Job of who spoke"),
    "municipality": both("Gemeente", "Municipality"),
    "invented": both("Dit gesprek is verzonnen", "This interview is invented"),
    "take_in": both("Toevoegen", "Add"),
    "needed": both("Vul dit in.", "Please fill this in."),
    "drafts": both("Nog te beschermen", "Still to protect"),
    "texts": both("Beschermde teksten", "Protected texts"),
    "no_texts": both("Er is nog geen beschermde tekst.", "There is no protected text yet."),
    "my_codes": both("Mijn codes", "My codes"),
    "finished": both("Klaar", "Ready"),
    "busy": both("Bezig", "Busy"),
    "compare": both("Vergelijken", "Compare"),
    "protect": both("Beschermen", "Protect"),
    "protect_title": both("{} beschermen", "Protect {}"),
    "protect_text": both(
        "Vink aan wat eruit moet. Daarna verandert de tekst nooit meer.",
        "Tick what has to go. After that the text never changes.",
    ),
    "suggestions": both("Voorstellen", "Suggestions"),
    "no_suggestions": both("Er zijn geen voorstellen.", "There are no suggestions."),
    "all_of_kind": both("Allemaal weg", "All of them go"),
    "none_of_kind": both("Allemaal laten staan", "Keep all of them"),
    "undo_decision": both("Laatste beslissing terugnemen", "Take back the last decision"),
    "second_look": both("Nog eens kijken", "A second look"),
    "second_look_text": both(
        "Deze woorden hoort nog niemand tot een naam. Wat het vaakst een naam is, staat vooraan."
        " Een knop haalt een woord overal weg.",
        "Nobody took these words for a name yet. What most often is one comes first. A button"
        " takes a word out everywhere.",
    ),
    "second_look_rest": both(
        "Er zijn nog {} andere woorden; gewone woorden, zover wij weten.",
        "There are {} more words; ordinary ones, as far as we know.",
    ),
    "unjudged": both("Woord", "Word"),
    "around": both("Waar het staat", "Where it stands"),
    "take_out_as": both("Weghalen als", "Take out as"),
    "missed": both("Iets gemist?", "Anything missed?"),
    "missed_words": both(
        "Woorden, precies zoals ze er staan", "Words, exactly as they stand there"
    ),
    "kind": both("Soort", "Kind"),
    "add": both("Ook weghalen", "Take out too"),
    "not_there": both("“{}” staat niet in de tekst.", "“{}” does not stand in the text."),
    "save": both("Bewaren", "Save"),
    "protect_now": both("Beschermen, voor altijd", "Protect, for good"),
    "whole_text": both("De hele tekst", "The whole text"),
    "text_title": both("{} coderen", "Code {}"),
    "text_text": both(
        "Kies een zin, of sleep met de muis over woorden. Maak de keuze langer of korter als dat"
        " nodig is, en geef een code.",
        "Choose a sentence, or drag the mouse over words. Make the choice longer or shorter where"
        " needed, and give a code.",
    ),
    "chosen": both("Gekozen woorden", "Chosen words"),
    "front_out": both("Begin een woord eerder", "Begin one word earlier"),
    "front_in": both("Begin een woord later", "Begin one word later"),
    "back_in": both("Eindig een woord eerder", "End one word earlier"),
    "back_out": both("Eindig een woord later", "End one word later"),
    "code": both("Code", "Code"),
    "give": both("Code geven", "Give code"),
    "first_code": both(
        "Maak eerst een code in het codeboek.", "Make a code in the codebook first."
    ),
    "quote_place": both("Plaats in het rapport", "Place in the report"),
    "quote": both("Citeren", "Quote"),
    "take_off": both("Code weghalen", "Remove code"),
    "memo": both("Memo bij deze tekst", "Memo with this text"),
    "memo_words": both("Wat wilt u onthouden?", "What do you want to remember?"),
    "memo_save": both("Memo bewaren", "Keep memo"),
    "ready": both("Ik ben klaar met deze tekst", "I am ready with this text"),
    "ready_text": both(
        "Anderen zien uw codes pas als ieder die deze tekst codeert klaar is.",
        "Others see your codes only when everybody who codes this text is ready.",
    ),
    "is_ready": both("U bent klaar met deze tekst.", "You are ready with this text."),
    "undo": both("Laatste stap terugnemen", "Take back last step"),
    "when": both("Wanneer", "When"),
    "what": both("Wat", "What"),
    "on": both("Waaraan", "On what"),
    "nothing_done": both("U deed hier nog niets.", "You have not done anything here yet."),
    "codes_text": both(
        "Een code die andere codes onder zich heeft, is een thema.",
        "A code that has other codes under it is a theme.",
    ),
    "make": both("Code maken", "Make a code"),
    "change": both("Code veranderen", "Change code"),
    "edit": both("Veranderen", "Change"),
    "code_name": both("Naam", "Name"),
    "definition": both("Betekenis", "Definition"),
    "include": both("Hoort erbij", "Includes"),
    "exclude": both("Hoort er niet bij", "Excludes"),
    "example": both("Voorbeeld", "Example"),
    "parent": both("Onder thema", "Under theme"),
    "drop": both("Weghalen", "Remove"),
    "drop_others": both(
        "Anderen raken {} dingen kwijt die zij maakten.", "Others lose {} things that they made."
    ),
    "drop_anyway": both("Toch weghalen", "Remove all the same"),
    "report_key": both("Naam voor het rapport", "Name for the report"),
    "report_key_help": both(
        "Zo noemen de teksten van het rapport deze code. Mag leeg: dan kiezen wij er een.",
        "What the texts of the report call this code. May be empty: then we choose one.",
    ),
    "withdraw": both("Intrekken", "Withdraw"),
    "withdraw_title": both("{} intrekken", "Withdraw {}"),
    "withdraw_text": both(
        "Iemand wil niet meer meedoen. De tekst gaat weg, met alles wat ervan is gemaakt. Dat kan"
        " niet worden teruggenomen. Kopieën op andere plaatsen moet u zelf weghalen.",
        "Somebody no longer takes part. The text goes, with everything made of it. That cannot be"
        " taken back. Copies elsewhere are yours to remove.",
    ),
    "withdraw_now": both("Intrekken, voor altijd", "Withdraw, for good"),
    "withdrawn": both("Ingetrokken", "Withdrawn"),
    "coding": both("codering", "coding"),
    "codings": both("coderingen", "codings"),
    "one_memo": both("memo", "memo"),
    "memos": both("memo’s", "memos"),
    "one_quote": both("citaat", "quote"),
    "quotes": both("citaten", "quotes"),
    "codes_to_read": both(
        "Lees deze codes na: er staan woorden uit de tekst in.",
        "Read these codes again: words of the text stand in them.",
    ),
    "merge": both("Samenvoegen", "Merge"),
    "merge_with": both("Samenvoegen met", "Merge with"),
    "merge_text": both(
        "De fragmenten van deze code staan dan onder de andere. Dat kan worden teruggenomen.",
        "The passages of this code then stand under the other. This can be taken back.",
    ),
    "start_text": both(
        "Ieder is klaar. Als het vergelijken begint, verandert niemands eigen werk aan deze tekst"
        " meer. Wat jullie samen afspreken, staat ernaast.",
        "Everybody is ready. Once comparing begins, nobody’s own work on this text changes any"
        " more. What you settle together stands beside it.",
    ),
    "start": both("Begin met vergelijken", "Begin comparing"),
    "take_back": both("Terugnemen", "Take back"),
    "chosen_by": both("Gekozen door {}.", "Chosen by {}."),
    "not_ready": both("Nog niet te vergelijken", "Not to be compared yet"),
    "not_ready_text": both(
        "Twee codeurs moeten klaar zijn met deze tekst, en ieder die eraan begon.",
        "Two coders have to be ready with this text, and everybody who began on it.",
    ),
    "compare_title": both("{} vergelijken", "Compare {}"),
    "compare_text": both(
        "Vink per zin aan wat samen geldt. Wat ieder alleen deed, blijft bewaard.",
        "Tick for each sentence what counts together. What each did alone is kept.",
    ),
    "same": both("gelijk", "same"),
    "differs": both("verschil", "different"),
    "agreed": both("Samen", "Together"),
    "settle": both("Afspreken", "Settle"),
    "other_codes": both("Een andere code", "Another code"),
    "agreement": both("Overeenstemming (alpha)", "Agreement (alpha)"),
    "all_text": both("Alle zinnen", "All sentences"),
    "coded_text": both("Gecodeerde zinnen", "Coded sentences"),
    "no_alpha": both(
        "Dit onderzoek werkt reflexief: een tweede codeur is een tweede blik. Dan past geen getal.",
        "This study works reflexively. Another coder is another reading then, and no number fits.",
    ),
    "theme": both("Code of thema", "Code or theme"),
    "theme_count": both("Gesprekken", "Interviews"),
    "interviews_tables": both("Tabellen", "Tables"),
    "passages": both("Passages", "Passages"),
    "coders": both("Codeurs", "Coders"),
    "coder": both("Codeur", "Coder"),
    "begin": both("Begin", "Start"),
    "words": both("Woorden", "Words"),
    "framework": both("Raamwerk", "Framework"),
    "tables_text": both(
        "Wat u mag zien en tellen, om te lezen, te printen of te bewaren.",
        "What you may see and count, to read, to print or to keep.",
    ),
    "as_docx": both("Als .docx", "As .docx"),
    "as_xlsx": both("Als .xlsx", "As .xlsx"),
    "nothing_here": both("Hier is nog niets.", "There is nothing here yet."),
    "reading_title": both("{} naast elkaar lezen", "Read {} side by side"),
    "reading_text": both(
        "Een voorlopige blik van wie de gesprekken voorbereidt. Wie codeert, ziet dit nog niet; het"
        " wordt pas bevroren als het vergelijken begint.",
        "A draft reading for who prepares the interviews. Coders do not see this yet; it is frozen"
        " only when comparing begins.",
    ),
    "reading": both("Alvast naast elkaar lezen", "Read side by side already"),
    "reading_counts": both("{} zinnen met een code, {} gelijk", "{} coded sentences, {} the same"),
    "sentence_rules": both(
        "Per zin, gesneden volgens de regels van versie {}.",
        "By sentence, cut by the rules of version {}.",
    ),
    "sentence": both("Zin", "Sentence"),
    "none": both("geen", "none"),
    "by_function": both("Codes naar beroep", "Codes by job"),
    "by_municipality": both("Codes naar gemeente", "Codes by municipality"),
    "together": both("Codes die samen voorkomen", "Codes that occur together"),
    "times": both("Keer", "Times"),
    "none_together": both("Er zijn er nog geen.", "There are none yet."),
    "who": both("Van wie", "Whose"),
    "text": both("Gesprek", "Interview"),
    "quoted_gone": both(
        "Het gesprek {} is er niet meer, dus dit citaat kan niet in het rapport.",
        "The interview {} is not here any more, so the report cannot quote it.",
    ),
    "no_quotes": both("Er is nog niets gekozen.", "Nothing has been chosen yet."),
    "not_quote": both("Niet citeren", "Do not quote"),
    "is_invented": both("Deze gesprekken zijn verzonnen.", "These interviews are invented."),
    "out": both("Naar een ander programma", "To another program"),
    "project": both("Alles (.qdpx)", "Everything (.qdpx)"),
    "codebook": both("Alleen het codeboek (.qdc)", "Only the codebook (.qdc)"),
    "in": both("Uit een ander programma", "From another program"),
    "in_text": both(
        "De teksten komen bij ‘Nog te beschermen’. Codeurs zien ze pas als iemand ze heeft"
        " beschermd; hun codes gaan dan mee. Noem wie er spreekt: die namen gaan er meteen uit.",
        "The texts come under ‘Still to protect’. Coders see them only when somebody has protected"
        " them; their codes come along then. Name who speaks, and those names go at once.",
    ),
    "in_file": both("Bestand (.qdpx)", "File (.qdpx)"),
    "trouble": both("Let hierop", "Please note"),
    "empty_codes": both("Er is nog geen code.", "There is no code yet."),
}
KINDS: Mapping[IdentifierKind, Text] = {
    IdentifierKind.PERSON: both("naam", "name"),
    IdentifierKind.TOWN: both("plaats", "place"),
    IdentifierKind.ORGANISATION: both("organisatie", "organisation"),
    IdentifierKind.PHONE: both("telefoon", "telephone"),
    IdentifierKind.MAIL: both("e-mail", "e-mail"),
    IdentifierKind.ACCOUNT: both("rekening", "account"),
    IdentifierKind.PLATE: both("kenteken", "number plate"),
    IdentifierKind.DATE: both("datum", "date"),
    IdentifierKind.HANDLE: both("accountnaam", "account name"),
    IdentifierKind.ADDRESS: both("adres", "address"),
    IdentifierKind.LINK: both("link", "link"),
    IdentifierKind.NUMBER: both("nummer", "number"),
    IdentifierKind.AGE: both("leeftijd", "age"),
}
MEMOS: Mapping[MemoKind, Text] = {
    MemoKind.CODE: both("code", "code"),
    MemoKind.THEME: both("thema", "theme"),
    MemoKind.TEXT: both("tekst", "text"),
    MemoKind.METHOD: both("werkwijze", "method"),
    MemoKind.REFLECTION: both("reflectie", "reflection"),
}
DONE: Mapping[Act, Text] = {
    Act.SET_CODE: both("code gemaakt of veranderd", "code made or changed"),
    Act.DROP_CODE: both("code weggehaald", "code removed"),
    Act.CODE: both("gecodeerd", "coded"),
    Act.UNCODE: both("code van tekst gehaald", "code taken off"),
    Act.MEMO: both("memo geschreven", "memo written"),
    Act.QUOTE: both("citaat gekozen", "quote chosen"),
    Act.UNQUOTE: both("citaat weggehaald", "quote removed"),
    Act.FINISH: both("klaar gemeld", "said to be ready"),
    Act.MERGE_CODES: both("code samengevoegd", "code merged"),
    Act.START_COMPARISON: both("vergelijken begonnen", "comparing begun"),
    Act.WITHDRAW_TEXT: both("gesprek ingetrokken", "interview withdrawn"),
    Act.UNDO: both("stap teruggenomen", "step taken back"),
}
ACTS: Mapping[str, Text] = {
    "interviews.taken_in": both("gesprek toegevoegd", "interview added"),
    "interviews.protected": both("gesprek beschermd", "interview protected"),
    "interviews.withdrawn": both("gesprek ingetrokken", "interview withdrawn"),
    "interviews.exported": both("gesprekken uitgevoerd", "interviews exported"),
    "interviews.taken_over": both("gesprekken ingevoerd", "interviews imported"),
}
