"""The words of signing in, of invitations and of people."""

from __future__ import annotations

from collections.abc import Mapping

from blikveld.desk.words import both
from blikveld.study.model import Text

WORDS: Mapping[str, Text] = {
    "sign_in": both("Inloggen", "Sign in"),
    "name": both("Naam", "Name"),
    "password": both("Wachtwoord", "Password"),
    "code": both("Code uit uw app", "Code from your app"),
    "code_help": both(
        "Zes cijfers. Telefoon kwijt? Vul dan een van uw herstelcodes in.",
        "Six digits. Lost your phone? Then fill in one of your recovery codes.",
    ),
    "wrong": both(
        "Naam, wachtwoord of code klopt niet. Een code werkt één keer: wacht op de volgende.",
        "The name, password or code is not right. A code works once: wait for the next one.",
    ),
    "wait": both(
        "Te vaak geprobeerd. Wacht {} minuten en probeer het dan opnieuw.",
        "Too many tries. Wait {} minutes and then try again.",
    ),
    "welcome": both("Welkom, {}", "Welcome, {}"),
    "welcome_text": both(
        "U bent uitgenodigd als {}. Kies een wachtwoord en koppel een app die codes maakt.",
        "You have been invited as {}. Choose a password and connect an app that makes codes.",
    ),
    "password_help": both(
        "Ten minste 12 tekens. Een zin van een paar woorden is goed te onthouden.",
        "At least 12 characters. A sentence of a few words is easy to remember.",
    ),
    "again": both("Wachtwoord nog een keer", "Password once more"),
    "app": both("Uw app koppelen", "Connect your app"),
    "app_text": both(
        "Scan deze code met een app voor tweestapsverificatie, of neem de sleutel over:",
        "Scan this code with an authenticator app, or copy the key:",
    ),
    "qr": both("QR-code voor uw app", "QR code for your app"),
    "first_code": both("De code die de app nu toont", "The code the app shows now"),
    "ready": both("Account openen", "Open my account"),
    "differ": both("De wachtwoorden zijn niet gelijk.", "The passwords are not the same."),
    "wrong_code": both(
        "Deze code klopt niet. Neem de code over die de app nu toont.",
        "This code is not right. Copy the code the app shows now.",
    ),
    "password_too_short": both(
        "Kies een wachtwoord van ten minste 12 tekens.",
        "Choose a password of at least 12 characters.",
    ),
    "password_too_common": both(
        "Dit wachtwoord wordt veel gebruikt. Kies een ander.",
        "This password is used a lot. Choose another.",
    ),
    "password_too_similar": both(
        "Dit wachtwoord lijkt te veel op uw naam.", "This password looks too much like your name."
    ),
    "used": both("Deze link werkt niet meer", "This link no longer works"),
    "used_text": both(
        "Een uitnodiging werkt één keer en een week lang. Vraag een nieuwe aan.",
        "An invitation works once and for a week. Ask for a new one.",
    ),
    "codes": both("Bewaar uw herstelcodes", "Keep your recovery codes"),
    "codes_text": both(
        "Raakt u uw telefoon kwijt, dan komt u met zo'n code binnen. Elke code werkt één keer. "
        "U ziet ze alleen nu: schrijf ze op of bewaar ze in uw wachtwoordkluis.",
        "If you lose your phone, such a code lets you in. Each code works once. You see them "
        "only now: write them down or keep them in your password manager.",
    ),
    "people": both("Mensen", "People"),
    "people_about": both(
        "Wie aan de balie werkt, uitnodigen en afsluiten.",
        "Who works at the desk; invite people and close accounts.",
    ),
    "role": both("Rol", "Role"),
    "state": both("Stand", "State"),
    "active": both("actief", "active"),
    "waiting": both("uitgenodigd", "invited"),
    "closed": both("afgesloten", "closed"),
    "end": both("Afsluiten", "Close account"),
    "invite": both("Iemand uitnodigen", "Invite somebody"),
    "invite_help": both(
        "Een naam is van één persoon en blijft dat, ook als het account is afgesloten.",
        "A name is of one person and stays so, also when the account is closed.",
    ),
    "elsewhere": both(
        "Uw rol laat niemand binnen als: {}. Vraag een onderzoeker, of de beheerder van de server.",
        "Your role lets nobody in as: {}. Ask a researcher, or who runs the server.",
    ),
    "role_kept": both(
        "Uw eigen rol mag minder dan deze. Vraag iemand die deze rol heeft.",
        "Your own role may do less than this one. Ask somebody who has it.",
    ),
    "name_taken": both(
        "Iemand heeft of had deze naam. Kies een andere. Wie telefoon en herstelcodes kwijt is, "
        "kan alleen op de server opnieuw beginnen: blikveld desk invite.",
        "Somebody has or had this name. Choose another. Who lost both phone and recovery codes "
        "begins anew on the server only: blikveld desk invite.",
    ),
    "bad_name": both(
        "Gebruik 2 tot 60 letters, cijfers en . - _ @ zonder spaties.",
        "Use 2 to 60 letters, digits and . - _ @ without spaces.",
    ),
    "bad_role": both("Kies een van de rollen.", "Choose one of the roles."),
    "link": both("Link voor {}", "Link for {}"),
    "link_text": both(
        "Geef deze link langs een veilige weg. Hij werkt één keer, en u ziet hem alleen nu.",
        "Hand over this link by a safe way. It works once, and you see it only now.",
    ),
}

ACTS: Mapping[str, Text] = {
    "accounts.invited": both("uitgenodigd", "invited"),
    "accounts.accepted": both("account geopend", "account opened"),
    "accounts.ended": both("account afgesloten", "account closed"),
    "accounts.entered": both("ingelogd", "signed in"),
    "accounts.left": both("uitgelogd", "signed out"),
    "accounts.refused": both("inloggen mislukt", "signing in failed"),
    "accounts.recovered": both("herstelcode gebruikt", "recovery code used"),
}
