"""The calls of GeoReport v2 that write; each needs a key that an administrator made."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from django.http import HttpRequest, QueryDict
from django.utils import timezone

from linhe.desks.reports.models import ApiKey
from linhe.desks.reports.queries import open311 as queries
from linhe.desks.reports.queries.categories import category_of
from linhe.desks.reports.queries.open311 import Attribute
from linhe.desks.reports.services import keys
from linhe.desks.reports.services import open311 as services
from linhe.desks.reports.views.open311.answering import Answer, district_of
from linhe.desks.reports.views.open311.reading import LONGEST_DESCRIPTION, Parameters, not_found, wrong
from linhe.lib.text import Text

MOST_PHOTOS = 4
PHOTO_FIELDS = ("media", "media[]", "photo")
SENDER_FIELDS = ("email", "device_id", "account_id", "first_name", "last_name", "phone")
_MAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{3,120}")
_PHONE = re.compile(r"[0-9+() .-]{3,30}")
_NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?")
_NOTICE = Text("已转给负责单位，办结后可查到结果。", "It went to whoever is in charge; its status tells how it goes.")


def post_request(request: HttpRequest) -> Answer:
    """Raise a report."""
    at, sent = timezone.now(), request.POST
    key = _key(request, at)
    district = district_of(sent)
    if district is not None and not district.contains(key.place):
        raise wrong("这个密钥不能用于该地区。", "This api_key is not for this jurisdiction.", 403)
    kept = services.raise_sent(key=key, sent=_read(request, key, at), at=at, request_key=_request_key(request))
    if key.on_trial:
        return "service_requests", [{"token": kept.token, "service_notice": str(_NOTICE), "account_id": None}]
    return "service_requests", [
        {"service_request_id": str(kept.pk), "service_notice": str(_NOTICE), "account_id": None}
    ]


def post_update(request: HttpRequest) -> Answer:
    """Add something to a report that came with the same key."""
    at = timezone.now()
    key = _key(request, at)
    given = Parameters(request.POST)
    number, words = given.text("service_request_id"), given.text("description", 400)
    if not number or len(words) < 2:
        given.need("需要 service_request_id 和 description。", "service_request_id and description are needed.")
    given.check()
    known = number.isascii() and number.isdecimal() and len(number) <= 18
    once = _request_key(request)
    event_id = services.add_sent(key=key, number=int(number), words=words, at=at, request_key=once) if known else None
    if event_id is None:
        raise not_found(f"service_request_id {number[:40]}")
    return "service_request_updates", [{"update_id": str(event_id)}]


def _key(request: HttpRequest, at: datetime) -> ApiKey:
    text = request.POST.get("api_key", "").strip()
    key = keys.use_key(text, purpose=ApiKey.Purpose.OPEN311, at=at)
    if key is None:
        raise wrong("api_key 不存在或已停用。", "The api_key is missing, unknown or revoked.", 403)
    return key


def _request_key(request: HttpRequest) -> str | None:
    sent = request.headers.get("Idempotency-Key", "")
    if sent and not re.fullmatch(r"[!-~]{8,60}", sent):
        raise wrong("Idempotency-Key 应为 8–60 个字符。", "Idempotency-Key must have 8 to 60 printable characters.")
    return sent or None


def _read(request: HttpRequest, key: ApiKey, at: datetime) -> services.Sent:
    """Every field, checked; all faults are told at once."""
    given, code = Parameters(request.POST), key.place.code
    category = given.text("service_code")
    known = category_of(category, at=at, place_code=code) if category else None
    if not category:
        given.need("缺少 service_code。", "service_code was not provided.")
    elif known is None:
        given.need(f"没有 service_code {category[:40]}。", f"service_code {category[:40]} was not found.", 404)
    lat, lng = given.coordinate("lat", 90), given.coordinate("long", 180)
    address, place_code = given.text("address_string"), given.text("address_id")
    if (lat is None) != (lng is None) and not given.faults:
        given.need("lat 和 long 要一起填写。", "Give both lat and long.")
    if lat is None and not address and not place_code:
        given.need("需要 lat 和 long，或 address_string，或 address_id。",
                   "A location is needed: lat and long, address_string or address_id.")  # fmt: skip
    words, link = given.text("description", LONGEST_DESCRIPTION), given.link("media_url")
    sender = {name: text for name in SENDER_FIELDS if (text := given.text(name))}
    if "email" in sender and not _MAIL.fullmatch(sender["email"]):
        given.need("email 格式不对。", "email is no mail address.")
    if "phone" in sender and not _PHONE.fullmatch(sender["phone"]):
        given.need("phone 格式不对。", "phone is no telephone number.")
    questions = queries.attributes_of(category, at=at, place_code=code) if known else []
    answers = _answers(request.POST, questions, given)
    photos = [photo for name in PHOTO_FIELDS for photo in request.FILES.getlist(name)]
    if len(photos) > MOST_PHOTOS:
        given.need(f"最多 {MOST_PHOTOS} 张照片。", f"At most {MOST_PHOTOS} photos.")
    given.check()
    assert known is not None
    told = [words or str(known.name), *_told(questions, answers)]
    return services.Sent(
        category=category, words="\n".join(told), lat=lat, lng=lng, address=address, place_code=place_code, link=link,
        sender=sender, attributes=answers, photos=photos,
    )  # fmt: skip


def _answers(sent: QueryDict, questions: list[Attribute], given: Parameters) -> dict[str, list[str]]:
    """The answers to a service's own questions, ``attribute[code]=v`` or ``attribute[code][]=v``, by code."""
    known = {one.code: one for one in questions if one.variable}
    found: dict[str, list[str]] = {}
    for name in sent:
        match = re.fullmatch(r"attribute\[([^\[\]]{1,40})\](\[\])?", name)
        answers = [Parameters({name: text}, given.faults).text(name, 400) for text in sent.getlist(name) if match]
        answers = [text for text in answers if text]
        if match is None or not answers:
            continue
        if match[1] in known:
            found.setdefault(match[1], []).extend(answers)
        else:
            given.need(f"没有 attribute[{match[1]}] 这个问题。", f"attribute[{match[1]}] is not asked here.")
    for code, one in known.items():
        if one.required and not found.get(code):
            given.need(f"缺少 attribute[{code}]。", f"attribute[{code}] was not provided.")
        elif code in found and not _fits(one, found[code]):
            given.need(f"attribute[{code}] 的值不对。", f"attribute[{code}] has a wrong value.")
    return found


def _fits(one: Attribute, answers: list[str]) -> bool:
    if one.datatype != "multivaluelist" and len(answers) > 1:
        return False
    match one.datatype:
        case "number":
            return _NUMBER.fullmatch(answers[0]) is not None
        case "datetime":
            return Parameters({one.code: answers[0]}).moment(one.code) is not None
        case "singlevaluelist" | "multivaluelist":
            return set(answers) <= {key for key, _ in one.values}
        case "string":
            return "\n" not in answers[0]
        case _:
            return True


def _told(questions: list[Attribute], answers: Mapping[str, list[str]]) -> list[str]:
    """The answers as sentences for whoever deals with the report."""
    lines = []
    for one in questions:
        if given := answers.get(one.code):
            names = {key: name.zh for key, name in one.values}
            lines.append(f"{one.name.zh}：{'、'.join(names.get(text, text) for text in given)}")
    return lines
