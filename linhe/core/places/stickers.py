"""The QR label on a building: a signed code that names one place and nothing else, so that a forged label is known."""

from __future__ import annotations

from django.core import signing

from linhe.core.places.models import Place
from linhe.lib.refusals import Refused
from linhe.lib.text import Text

_SALT = "linhe.core.places.sticker"


def sticker_of(place: Place) -> str:
    """The code of a place's label. It lasts as long as the secret key does, as labels hang for years."""
    return signing.Signer(salt=_SALT).sign(place.code)


def place_of_sticker(token: str) -> Place:
    """The place that a label names; refuses what this server did not sign."""
    try:
        code = signing.Signer(salt=_SALT).unsign(token)
    except signing.BadSignature:
        raise _unknown() from None
    place = Place.objects.filter(code=code).first()
    if place is None:
        raise _unknown()
    return place


def _unknown() -> Refused:
    return Refused(
        "bad_sticker",
        Text(
            "这张二维码不是本区张贴的，请不要付款或填写密码。", "This label is not ours. Do not pay or type a password."
        ),
        status=404,
    )
