"""The owners' survey: households drawn by seed, one-time codes, answers that lead back to nobody."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from linhe.core.dated import value
from linhe.core.loop.models import Matter
from linhe.core.loop.refusals import Refused
from linhe.core.loop.step import Step
from linhe.core.people.encryption import blind_index
from linhe.desks.property.engine.sampling import draw
from linhe.desks.property.loop import SCORING
from linhe.desks.property.models import Answer, Home, Invitation
from linhe.desks.property.services.rounds import round_of
from linhe.lib.text import Text

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Nothing that looks like something else; ten of these cannot be guessed (10^14 possibilities)."""
CODE_LENGTH = 10
FACES = range(1, 6)
SEED_BITS = 31
UNKNOWN_CODE = Text(
    "这个邀请码无效、已用过，或调查已结束。", "This code is not valid, was used before, or the survey is over."
)


@dataclass(frozen=True, slots=True)
class Invited:
    """Where a code leads: the compound and year that are asked about, nothing of the home."""

    invitation_id: int
    matter_id: int
    compound: Text
    company: str
    year: int


def draw_survey(step: Step) -> dict[str, Any]:
    """Draw the households, stratified by building, by a seed drawn here; each gets a code of its own.

    The round keeps the seed, so that the draw can be done again; no event tells it, for the company reads those.
    """
    one = round_of(step.matter.pk)
    if one.drawn_at is not None:
        raise Refused("drawn", Text("调查户已经抽过了。", "The households have been drawn already."))
    frame: dict[str, list[int]] = {}
    rows = Home.objects.filter(compound=one.contract.compound_id).order_by("pk")
    for building, pk in rows.values_list("building__code", "pk"):
        frame.setdefault(building, []).append(pk)
    homes = sum(map(len, frame.values()))
    if not homes:
        text = Text("这个小区还没有登记住户，请先导入房屋清单。", "No homes are on record here; import them first.")
        raise Refused("no_homes", text, status=409)
    place_code = step.matter.place.code
    percent = value("property.sample_percent", at=step.at, place_code=place_code)
    size = max(value("property.sample_least", at=step.at, place_code=place_code), -(-homes * percent // 100))
    one.seed = secrets.randbits(SEED_BITS)
    drawn = [pk for chosen in draw(frame, size, seed=one.seed).values() for pk in chosen]
    invitations = []
    for pk in drawn:
        code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
        invitations.append(Invitation(round=one, home_id=pk, code=code, code_index=blind_index(f"survey/{code}")))
    Invitation.objects.bulk_create(invitations)
    one.drawn_at = step.at
    one.save(update_fields=["seed", "drawn_at"])
    return {"asked": len(drawn), "homes": homes, "buildings": len(frame)}


def plain_code(typed: str) -> str:
    """A code as it was printed: capitals, without spaces and dashes."""
    return "".join(c for c in typed.upper() if c in ALPHABET)[: 2 * CODE_LENGTH]


def invited_by(typed: str) -> Invited:
    """What a code that is still good opens. Raises ``Refused`` for any other, without telling why."""
    found = (
        Invitation.objects.filter(code_index=blind_index(f"survey/{plain_code(typed)}"), used=False)
        .select_related("round__matter", "round__contract__compound", "round__contract__company")
        .first()
    )
    if found is None or found.round.matter.stage != SCORING:
        raise Refused("unknown_code", UNKNOWN_CODE, status=404)
    contract = found.round.contract
    name = Text(contract.compound.name, contract.compound.name_en or contract.compound.name)
    return Invited(found.pk, found.round_id, name, contract.company.name, found.round.year)


def answer_survey(typed: str, faces: Sequence[int]) -> None:
    """Keep an answer and use up its code, in one go; the two rows do not know each other.

    Raises ``Refused`` when the code is no good any more (a second tap too: the answer counts once).
    """
    invited = invited_by(typed)
    if not faces or any(face not in FACES for face in faces):
        raise Refused("invalid", Text("请每题选一张脸。", "Choose one face for each question."), status=422)
    with transaction.atomic():
        # Whoever settles or cancels meanwhile waits, or was first.
        if Matter.objects.select_for_update(of=("self",), no_key=True).get(pk=invited.matter_id).stage != SCORING:
            raise Refused("unknown_code", UNKNOWN_CODE, status=404)
        if not Invitation.objects.filter(pk=invited.invitation_id, used=False).update(used=True):
            raise Refused("unknown_code", UNKNOWN_CODE, status=404)
        building_id = Home.objects.values_list("building_id", flat=True).get(invitations__pk=invited.invitation_id)
        Answer.objects.create(
            round_id=invited.matter_id, building_id=building_id, faces=list(faces), overall=faces[-1]
        )  # fmt: skip
