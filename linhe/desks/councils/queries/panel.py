"""What the generic page of a matter shows of this desk: the way to its own page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse

from linhe.core.loop.models import Matter
from linhe.core.people.models import Account
from linhe.desks.councils.models import PetitionDetail, ResolutionDetail

_PAGES = {"petition": "councils:petition", "meeting": "councils:meeting", "resolution": "councils:resolution"}


def detail(matter: Matter, *, reader: Account, at: datetime) -> dict[str, Any]:
    """What it is about, and where its page is."""
    petition = PetitionDetail.objects.filter(pk=matter.pk).first()
    resolution = ResolutionDetail.objects.select_related("motion").filter(pk=matter.pk).first()
    return {
        "petition": petition,
        "resolution": resolution,
        "words": petition.subject if petition else resolution.motion.words if resolution else "",
        "url": reverse(_PAGES[matter.kind], args=[matter.pk]),
    }
