"""A visitor to the pages, over Django's test client: reads forms as a browser would."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import lxml.html
import pytest

from blikveld.contacts import KeyPair, make_keys
from blikveld.fieldwork import SurveyLink
from blikveld.phone import day_pass
from blikveld.rules import Person
from blikveld.study.load import load
from blikveld.study.model import Mode, Study
from blikveld.web import databases, fieldwork

FORM = "application/x-www-form-urlencoded"
PHONE_KEY = "invented"
SMALL = Path(__file__).parents[1] / "studies/small"


@dataclass
class Visitor:
    """Somebody with a browser. `page` is the parsed page, `status` and `url` those of it."""

    start: str
    client: Any
    url: str = ""
    status: int = 0
    page: Any = None
    response: Any = None
    chain: list[int] = field(default_factory=list)

    @property
    def entrance(self) -> str:
        """The address of the phone script as the desk gives it today."""
        from blikveld.web.views import today

        return f"{self.start}?key={day_pass.make(PHONE_KEY, today())}"

    def open(self, url: str | None = None, **headers: str) -> Visitor:
        """Open a page and follow where it leads."""
        return self._arrive(self.client.get(url or self.start, headers=headers), url or self.start)

    def begin(self) -> Visitor:
        """Open the link and press the button to start."""
        return self.open().send({})

    def send(self, fields: Mapping[str, Sequence[str]], **changes: str) -> Visitor:
        """Fill in the form on this page and send it; `changes` are buttons pressed and so on."""
        form = self.page.get_element_by_id("questionnaire")
        hidden = [(i.name, i.value) for i in form.iter("input") if i.get("type") == "hidden"]
        pairs = [*hidden, *((k, v) for k, values in fields.items() for v in values)]
        return self.post(form.get("action"), pairs, **changes)

    def press(self, wish: str, fields: Mapping[str, Sequence[str]], url: str = "") -> Visitor:
        """Send the form by another button than the first."""
        return self.send({**fields, "blikveld-go": [wish]}, **({"url": url} if url else {}))

    def post(self, action: str, pairs: Any, url: str = "", **headers: str) -> Visitor:
        """Send something to a page and follow where it leads.

        As a browser does, it tells that the form is our own, where no other headers are given.
        """
        body = pairs if isinstance(pairs, bytes) else urlencode(pairs)
        target = url or action
        told = headers or {"Sec-Fetch-Site": "same-origin"}
        response = self.client.post(target, body, content_type=FORM, headers=told)
        return self._arrive(response, target)

    def _arrive(self, response: Any, url: str) -> Visitor:
        self.chain = []
        while response.status_code == 303:
            self.chain.append(response.status_code)
            assert len(self.chain) < 20, f"{url} leads in a circle"
            url = response["Location"]
            response = self.client.get(url)
        self.url, self.status, self.response = url, response.status_code, response
        content = response.content.decode()
        self.page = lxml.html.fromstring(content) if content else None
        return self

    @property
    def title(self) -> str:
        return str(self.page.findtext(".//title"))

    @property
    def text(self) -> str:
        return " ".join(self.page.text_content().split())

    def chosen(self, name: str) -> list[str]:
        """The values that are ticked for a question."""
        found = self.page.xpath("//input[@name=$name][@checked]/@value", name=name)
        return [str(value) for value in found]


@dataclass
class Fieldwork:
    """A study that is open in a folder of its own."""

    study: Study
    data: Path
    keys: KeyPair
    tally: Callable[[Path, Study], Mapping[SurveyLink, Any]]

    def visitor(
        self, municipality: str | None = None, language: str = "nl", phone: bool = False
    ) -> Visitor:
        from django.test import Client

        place = municipality or self.study.sites.every[0].key
        start = f"/{language}/{'tel' if phone else 'v'}/{place}/"
        return Visitor(start, Client(raise_request_exception=False))

    def records(self) -> list[Person]:
        return [response.values for response in fieldwork.responses(self.data, self.study)]

    def counts(self, municipality: str | None = None, mode: Mode = Mode.WEB) -> Any:
        """How many began, finished and sent in each page, by now."""
        link = SurveyLink(municipality or self.study.sites.every[0].key, mode)
        return self.tally(self.data, self.study).get(link, (0, 0, {}))

    def opened(self, mode: Mode = Mode.WEB) -> int:
        """How often the first link was opened and no night was since."""
        from blikveld.web import served_study

        return served_study.current().openings.pending[
            SurveyLink(self.study.sites.every[0].key, mode)
        ]

    def close(self) -> None:
        fieldwork.close(self.data, self.study)


@pytest.fixture(scope="session")
def small() -> Study:
    """The invented study of the tests, with one of everything."""
    return load(SMALL)


@pytest.fixture
def opened(tmp_path: Path, tally: Any) -> Iterator[Callable[[Study], Fieldwork]]:
    """Opens the fieldwork of a study in a folder of its own, and serves it to visitors."""

    def open_(study: Study, folder: str = "data") -> Fieldwork:
        keys = make_keys()
        fieldwork.open_(tmp_path / folder, study)
        from blikveld.web import served_study

        served_study.use(served_study.ServedStudy(study, keys.public, PHONE_KEY))
        return Fieldwork(study, tmp_path / folder, keys, tally)

    yield open_
    databases.detach()


@pytest.fixture
def here(opened: Callable[[Study], Fieldwork], small: Study) -> Fieldwork:
    """The small study, open."""
    return opened(small)


@dataclass
class AtDesk:
    """The desk of a study whose fieldwork is open, to people with any role. All are invented."""

    study: Study
    data: Path
    password: str = "zeven groene vuurtorens"  # noqa: S105

    def invite(self, name: str, role: Any) -> str:
        """The path of a one-time link."""
        from blikveld.desk.accounts import invitations

        return f"/nl/welcome/{invitations.invite(name, role, 'tests')}/"

    def open_account(self, name: str = "ada", role: Any = None) -> tuple[str, Any]:
        """The secret of the app, and the page with recovery codes; a researcher's if not told."""
        from blikveld.desk.roles import Role

        return self.accept(self.invite(name, role or Role.RESEARCHER), self.client())

    def accept(self, path: str, client: Any) -> tuple[str, Any]:
        """Open the account of an invitation: the secret on its page, and the page after it.

        The code is that of half a minute ago, so that the one of now is left to sign in with.
        """
        import pyotp

        text = client.get(path).content.decode()
        secret = re.findall(r'<p class="secret">([A-Z2-7 ]+)</p>', text)[0].replace(" ", "")
        before = pyotp.TOTP(secret).at(int(time.time()) - 30)
        form = {"password": self.password, "again": self.password, "code": before}
        return secret, client.post(path, form)

    def enter(self, client: Any, code: str, name: str = "ada", **more: str) -> Any:
        """What comes of signing in with this code, and the password unless another is given."""
        form = {"name": name, "password": self.password, "code": code, **more}
        return client.post("/nl/sign-in/", form)

    def client(self, **options: Any) -> Any:
        """Somebody who has not signed in."""
        from django.test import Client

        return Client(raise_request_exception=False, SERVER_NAME="127.0.0.1", **options)

    def signed_in(self, role: Any, name: str | None = None, **options: Any) -> Any:
        """Somebody with this role, both factors given; with a name, who has it."""
        from blikveld.desk.accounts.login import SINCE
        from blikveld.desk.accounts.models import Account

        account, _ = Account.objects.get_or_create(
            name=name or f"invented-{role.value}", defaults={"role": role.value, "is_active": True}
        )
        client = self.client(**options)
        client.force_login(account)
        session = client.session
        session[SINCE] = int(time.time())
        session.save()
        return client


@pytest.fixture
def desk_of(tmp_path: Path) -> Iterator[Callable[[Study], AtDesk]]:
    """Opens the desk of a study, as its own server is set up."""
    with ExitStack() as open_still:

        def of(study: Study) -> AtDesk:
            fieldwork.open_(tmp_path / "data", study)
            from django.conf import global_settings
            from django.test import override_settings

            from blikveld.desk import settings as own
            from blikveld.desk.databases import attach
            from blikveld.web import served_study

            attach(tmp_path / "data", study)
            served_study.use(served_study.ServedStudy(study))
            names = ("ROOT_URLCONF", "MIDDLEWARE", "ALLOWED_HOSTS")
            narrow = {name: getattr(own, name) for name in names}
            narrow["PASSWORD_HASHERS"] = ["django.contrib.auth.hashers.MD5PasswordHasher"]
            # The respondents' server takes no files at all; the desk takes what Django takes.
            narrow["DATA_UPLOAD_MAX_NUMBER_FILES"] = global_settings.DATA_UPLOAD_MAX_NUMBER_FILES
            open_still.enter_context(override_settings(**narrow))
            return AtDesk(study, tmp_path / "data")

        yield of
    databases.detach()


@pytest.fixture
def desk(desk_of: Callable[[Study], AtDesk], small: Study) -> AtDesk:
    """The desk of the small study."""
    return desk_of(small)
