"""The words of signing in, of invitations and of people."""

from __future__ import annotations

from collections.abc import Mapping

from blikveld.study.model import Text


def _t(nl: str, en: str) -> Text:
    return {"nl": nl, "en": en}


WORDS: Mapping[str, Text] = {
    "sign_in": _t("Inloggen", "Sign in"),
    "name": _t("Naam", "Name"),
    "password": _t("Wachtwoord", "Password"),
    "code": _t("Code uit uw app", "Code from your app"),
    "code_help": _t(
        "Zes cijfers. Telefoon kwijt? Vul dan een van uw herstelcodes in.",
        "Six digits. Lost your phone? Then fill in one of your recovery codes.",
    ),
    "wrong": _t(
        "Naam, wachtwoord of code klopt niet. Een code werkt één keer: wacht op de volgende.",
        "The name, password or code is not right. A code works once: wait for the next one.",
    ),
    "wait": _t(
        "Te vaak geprobeerd. Wacht {} minuten en probeer het dan opnieuw.",
        "Too many tries. Wait {} minutes and then try again.",
    ),
    "welcome": _t("Welkom, {}", "Welcome, {}"),
    "welcome_text": _t(
        "U bent uitgenodigd als {}. Kies een wachtwoord en koppel een app die codes maakt.",
        "You have been invited as {}. Choose a password and connect an app that makes codes.",
    ),
    "password_help": _t(
        "Ten minste 12 tekens. Een zin van een paar woorden is goed te onthouden.",
        "At least 12 characters. A sentence of a few words is easy to remember.",
    ),
    "again": _t("Wachtwoord nog een keer", "Password once more"),
    "app": _t("Uw app koppelen", "Connect your app"),
    "app_text": _t(
        "Scan deze code met een app voor tweestapsverificatie, of neem de sleutel over:",
        "Scan this code with an authenticator app, or copy the key:",
    ),
    "qr": _t("QR-code voor uw app", "QR code for your app"),
    "first_code": _t("De code die de app nu toont", "The code the app shows now"),
    "ready": _t("Account openen", "Open my account"),
    "differ": _t("De wachtwoorden zijn niet gelijk.", "The passwords are not the same."),
    "wrong_code": _t(
        "Deze code klopt niet. Neem de code over die de app nu toont.",
        "This code is not right. Copy the code the app shows now.",
    ),
    "password_too_short": _t(
        "Kies een wachtwoord van ten minste 12 tekens.",
        "Choose a password of at least 12 characters.",
    ),
    "password_too_common": _t(
        "Dit wachtwoord wordt veel gebruikt. Kies een ander.",
        "This password is used a lot. Choose another.",
    ),
    "password_too_similar": _t(
        "Dit wachtwoord lijkt te veel op uw naam.", "This password looks too much like your name."
    ),
    "used": _t("Deze link werkt niet meer", "This link no longer works"),
    "used_text": _t(
        "Een uitnodiging werkt één keer en een week lang. Vraag een nieuwe aan.",
        "An invitation works once and for a week. Ask for a new one.",
    ),
    "codes": _t("Bewaar uw herstelcodes", "Keep your recovery codes"),
    "codes_text": _t(
        "Raakt u uw telefoon kwijt, dan komt u met zo'n code binnen. Elke code werkt één keer. "
        "U ziet ze alleen nu: schrijf ze op of bewaar ze in uw wachtwoordkluis.",
        "If you lose your phone, such a code lets you in. Each code works once. You see them "
        "only now: write them down or keep them in your password manager.",
    ),
    "people": _t("Mensen", "People"),
    "people_about": _t(
        "Wie aan de balie werkt, uitnodigen en afsluiten.",
        "Who works at the desk; invite people and close accounts.",
    ),
    "role": _t("Rol", "Role"),
    "state": _t("Stand", "State"),
    "active": _t("actief", "active"),
    "waiting": _t("uitgenodigd", "invited"),
    "closed": _t("afgesloten", "closed"),
    "end": _t("Afsluiten", "Close account"),
    "invite": _t("Iemand uitnodigen", "Invite somebody"),
    "invite_help": _t(
        "Staat de naam er al, dan vervalt wat die persoon had en begint die opnieuw.",
        "If the name is there already, what that person had ends and they begin anew.",
    ),
    "bad_name": _t(
        "Gebruik 2 tot 60 letters, cijfers en . - _ @ zonder spaties.",
        "Use 2 to 60 letters, digits and . - _ @ without spaces.",
    ),
    "bad_role": _t("Kies een van de rollen.", "Choose one of the roles."),
    "yourself": _t("Uw eigen account sluit u hier niet af.", "You do not close your own account."),
    "link": _t("Link voor {}", "Link for {}"),
    "link_text": _t(
        "Geef deze link langs een veilige weg. Hij werkt één keer, en u ziet hem alleen nu.",
        "Hand over this link by a safe way. It works once, and you see it only now.",
    ),
}

ACTS: Mapping[str, Text] = {
    "accounts.invited": _t("uitgenodigd", "invited"),
    "accounts.accepted": _t("account geopend", "account opened"),
    "accounts.ended": _t("account afgesloten", "account closed"),
    "accounts.entered": _t("ingelogd", "signed in"),
    "accounts.left": _t("uitgelogd", "signed out"),
    "accounts.refused": _t("inloggen mislukt", "signing in failed"),
    "accounts.recovered": _t("herstelcode gebruikt", "recovery code used"),
}
