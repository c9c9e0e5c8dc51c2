"""Pages to log in and out, to use an invitation, and to manage accounts."""

from __future__ import annotations

import time

from django.conf import settings
from django.contrib import auth
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST
from markupsafe import Markup

from blikveld.desk import rendering
from blikveld.desk.access import public, requires
from blikveld.desk.accounts import invitations, login, two_factor
from blikveld.desk.accounts.login import SINCE, current, current_account
from blikveld.desk.accounts.models import Account
from blikveld.desk.audit_log import entries
from blikveld.desk.roles import LABELS, Permission, Role, opens
from blikveld.desk.sections import DeskSection, MenuLink
from blikveld.desk.words import acts, texts, translate

WORDS = texts("accounts")

_BACKEND = "django.contrib.auth.backends.ModelBackend"
_WELCOME = "welcome"


@public
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest, language: str) -> HttpResponse:
    """Name, password and code; then on to the page that was asked for."""
    back = _back(request, language)
    if request.method != "POST":
        return _door(request, language, back, {}, 200)
    name, password, code = (request.POST.get(field, "") for field in ("name", "password", "code"))
    browser = login.known_browser(request, login.plain(name))
    try:
        account = login.enter(name, password, code, browser)
    except login.LoginThrottled as wait:
        message = WORDS["wait"][language].format(-(-wait.seconds // 60))
        return _door(request, language, back, {"name": message}, 429)
    if account is None:
        return _door(request, language, back, {"name": WORDS["wrong"][language]}, 422)
    # This gives the session a new key: one that was set before is worth nothing.
    auth.login(request, account, backend=_BACKEND)
    request.session[SINCE] = int(time.time())
    request.session.clear_expired()
    return _known(HttpResponse(status=303, headers={"Location": back}), account.name, browser)


@public
@require_POST
def sign_out(request: HttpRequest, language: str) -> HttpResponse:
    """End the session, here and on the server."""
    account = current(request)
    if account is not None:
        entries.write(account.name, "accounts.left", account.name)
    auth.logout(request)
    return rendering.go(language, "sign_in")


@public
@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: HttpRequest, language: str, token: str) -> HttpResponse:
    """Choose a password, connect an app, and see the recovery codes once."""
    t = translate(WORDS, language)
    account = invitations.invited(token)
    if account is None:
        return _used(request, language)
    if request.method != "POST":
        return _welcome(request, language, token, account, {}, 200)
    secret = _secret(request, token)
    step = two_factor.step_of(
        two_factor.encrypt_secret(secret), request.POST.get("code", "").replace(" ", ""), 0
    )
    errors = _errors(request, account, step, language)
    if errors or step is None:
        return _welcome(request, language, token, account, errors, 422)
    codes = invitations.accept(token, request.POST["password"], secret, step)
    if codes is None:
        return _used(request, language)
    del request.session[_WELCOME]
    return rendering.page(request, "accounts/codes.html", language, t=t, codes=codes)


def _secret(request: HttpRequest, token: str) -> str:
    """The secret for an app: of this link in this browser alone, so that nobody who saw the link
    before has the same. It is kept sealed until the account is open.
    """
    whose, sealed = request.session.get(_WELCOME, ("", ""))
    kept = two_factor.unseal(bytes.fromhex(sealed)) if whose == two_factor.hashed(token) else None
    secret = kept or two_factor.secret()
    if kept is None:
        request.session[_WELCOME] = (
            two_factor.hashed(token),
            two_factor.encrypt_secret(secret).hex(),
        )
    return secret


def _known(response: HttpResponse, name: str, browser: str) -> HttpResponse:
    """The browser is known from now on: strangers who guess cannot keep it out."""
    response.set_cookie(
        login.browser_cookie_name(name),
        login.browser_cookie(name, browser),
        max_age=login.KNOWN_FOR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
    return response


def _errors(
    request: HttpRequest, account: Account, step: int | None, language: str
) -> dict[str, str]:
    found: dict[str, str] = {}
    password = request.POST.get("password", "")
    try:
        validate_password(password, account)
    except ValidationError as refused:
        found["password"] = WORDS[str(refused.error_list[0].code)][language]
    if password != request.POST.get("again", ""):
        found["again"] = WORDS["differ"][language]
    if step is None:
        found["code"] = WORDS["wrong_code"][language]
    return found


def _door(
    request: HttpRequest, language: str, back: str, errors: dict[str, str], status: int
) -> HttpResponse:
    name = request.POST.get("name", "")
    context = {"t": translate(WORDS, language), "back": back, "errors": errors, "name": name}
    return rendering.page(request, "accounts/sign_in.html", language, status, **context)


def _welcome(
    request: HttpRequest,
    language: str,
    token: str,
    account: Account,
    errors: dict[str, str],
    status: int,
) -> HttpResponse:
    t, secret = translate(WORDS, language), _secret(request, token)
    spaced = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    context = {
        "t": t,
        "person": account.name,
        "as_role": LABELS[Role(account.role)][language],
        "secret": spaced,
        # Made by us of a name that was checked; no text of anybody else is in it.
        "picture": Markup(two_factor.picture(account.name, secret, t["qr"])),  # noqa: S704
        "errors": errors,
    }
    return rendering.page(request, "accounts/welcome.html", language, status, **context)


def _used(request: HttpRequest, language: str) -> HttpResponse:
    title, text = WORDS["used"][language], WORDS["used_text"][language]
    return rendering.page(request, "desk/notice.html", language, 410, title=title, text=text)


def _back(request: HttpRequest, language: str) -> str:
    """The page to go to: only one of our own."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    fits = url_has_allowed_host_and_scheme(wanted, None) and wanted.startswith("/")
    return wanted if fits else reverse("home", args=[language])


_REFUSED = {
    "bad-name": ("name", "bad_name"),
    "name-taken": ("name", "name_taken"),
    "role-kept": ("role", "role_kept"),
}
"""Which field of the form a refusal belongs to, and its words."""


@requires(Permission.INVITE)
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest, language: str) -> HttpResponse:
    """The list, and a form for one more. The link of an invitation is shown once."""
    if request.method != "POST":
        return _list(request, language)
    name, role = request.POST.get("name", ""), request.POST.get("role", "")
    if role not in {known.value for known in Role}:
        return _list(request, language, errors={"role": WORDS["bad_role"][language]})
    try:
        token = invitations.invite_by(current_account(request), name, Role(role))
    except invitations.NotInvited as refused:
        field, words = _REFUSED[refused.code]
        return _list(request, language, errors={field: WORDS[words][language]})
    link = request.build_absolute_uri(reverse("welcome", args=[language, token]))
    return _list(request, language, link=link, linked=name.strip().casefold())


@requires(Permission.INVITE)
@require_POST
def end(request: HttpRequest, language: str, key: int) -> HttpResponse:
    """Close an account of somebody else."""
    account = Account.objects.filter(pk=key).first()
    if account is None:
        raise Http404
    if account != current_account(request):
        invitations.end(account, current_account(request).name)
    return rendering.go(language, "people")


def _list(
    request: HttpRequest,
    language: str,
    *,
    errors: dict[str, str] | None = None,
    link: str = "",
    linked: str = "",
) -> HttpResponse:
    t, mine = translate(WORDS, language), opens(current_account(request).role)
    shown = [
        (account, LABELS[Role(account.role)][language], t[_state(account)])
        for account in Account.objects.select_related("invitation").order_by("name")
    ]
    context = {
        "t": t,
        "people": shown,
        "roles": [(role.value, LABELS[role][language]) for role in Role if role in mine],
        "elsewhere": [LABELS[role][language] for role in Role if role not in mine],
        "errors": errors or {},
        "given": request.POST if errors else {},
        "link": link,
        "linked": linked,
    }
    return rendering.page(
        request, "accounts/people.html", language, 422 if errors else 200, **context
    )


def _state(account: Account) -> str:
    if account.is_active:
        return "active"
    invitation = getattr(account, "invitation", None)
    return "waiting" if invitation and invitation.until > time.time() else "closed"


SECTION = DeskSection(
    key="accounts",
    urls=(
        path("<str:language>/sign-in/", sign_in, name="sign_in"),
        path("<str:language>/sign-out/", sign_out, name="sign_out"),
        path("<str:language>/welcome/<str:token>/", welcome, name="welcome"),
        path("<str:language>/people/", people, name="people"),
        path("<str:language>/people/end/<int:key>/", end, name="people_end"),
    ),
    links=(MenuLink("people", Permission.INVITE, WORDS["people"], WORDS["people_about"]),),
    acts=acts("accounts"),
)
