"""Who works at the desk: invite somebody, close an account."""

from __future__ import annotations

import time

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from blikveld.desk import rendering
from blikveld.desk.accounts import inviting
from blikveld.desk.accounts.models import Account
from blikveld.desk.accounts.words import WORDS
from blikveld.desk.guard import allowed, person
from blikveld.desk.roles import LABELS, Role, Task, opens
from blikveld.desk.words import said

_REFUSED = {
    "bad-name": ("name", "bad_name"),
    "name-taken": ("name", "name_taken"),
    "role-kept": ("role", "role_kept"),
}
"""Which field of the form a refusal belongs to, and its words."""


@allowed(Task.INVITE)
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest, language: str) -> HttpResponse:
    """The list, and a form for one more. The link of an invitation is shown once."""
    if request.method != "POST":
        return _list(request, language)
    name, role = request.POST.get("name", ""), request.POST.get("role", "")
    if role not in {known.value for known in Role}:
        return _list(request, language, errors={"role": WORDS["bad_role"][language]})
    try:
        token = inviting.invite_by(person(request), name, Role(role))
    except inviting.NotInvited as refused:
        field, words = _REFUSED[refused.code]
        return _list(request, language, errors={field: WORDS[words][language]})
    link = request.build_absolute_uri(reverse("welcome", args=[language, token]))
    return _list(request, language, link=link, linked=name.strip().casefold())


@allowed(Task.INVITE)
@require_POST
def end(request: HttpRequest, language: str, key: int) -> HttpResponse:
    """Close an account of somebody else."""
    account = Account.objects.filter(pk=key).first()
    if account is None:
        raise Http404
    if account != person(request):
        inviting.end(account, person(request).name)
    return rendering.go(language, "people")


def _list(
    request: HttpRequest,
    language: str,
    *,
    errors: dict[str, str] | None = None,
    link: str = "",
    linked: str = "",
) -> HttpResponse:
    t, mine = said(WORDS, language), opens(person(request).role)
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
