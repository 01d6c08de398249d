"""The live check of a draft: what the rules say of it today, field by field, before it is lodged."""

from __future__ import annotations

from datetime import datetime

from linhe.desks.exchange.engine import Problem
from linhe.desks.exchange.models import Draft
from linhe.desks.exchange.queries.facts import fresh_notice_facts, problem_of, standing_of, standing_of_next
from linhe.desks.exchange.schemas.content import Content
from linhe.lib.working_calendar import local_date


def draft_problem(content: Content, draft: Draft, *, at: datetime) -> Problem:
    """What would be judged if this were lodged now.

    Raises
    ------
    NotADocument : documents that contradict each other in a way that no rule judges.
    """
    today = local_date(at)
    if draft.corrects is not None:
        standing = standing_of(draft.corrects, applied_on=today)
    else:
        lot = draft.previous.lot if draft.previous else None
        standing = standing_of_next(lot, draft.organisation.name, applied_on=today)
    return problem_of(content, standing, as_of=today, more=fresh_notice_facts())
