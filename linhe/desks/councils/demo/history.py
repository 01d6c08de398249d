"""The past year: meetings of every body, what they decided, and how it was settled. Every step through act()."""

from __future__ import annotations

import heapq
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from random import Random

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from linhe.core.demo import DemoTown
from linhe.core.loop.acting import act, begin
from linhe.core.loop.models import Matter
from linhe.core.people.models import Account, Post
from linhe.core.places.models import Place
from linhe.desks.councils.demo.bodies import Seated
from linhe.desks.councils.demo.words import ANSWERS, OBJECTIONS, POINTS, SETTLED, TALKS
from linhe.desks.councils.models import AgendaItem, MeetingDetail, Motion, Seat

FIRST_DAY, LAST_DAY = 350, 48
"""Meetings of the past lie between so many days ago; what they decided is settled by now."""
MEETINGS = 3
OBJECTED, LOST = 0.06, 0.04
Work = Callable[[datetime], None]
_COLOURS = {
    "charging": "#0f6457",
    "water": "#2f8170",
    "neighbours": "#e9a23b",
    "property": "#7d5300",
    "other": "#5f6963",
}


@dataclass(frozen=True, slots=True)
class Talk:
    """What is moved under an item, what will have been done, and where."""

    motion: str
    done: str
    where: Place


class History:
    """Tells the year in the order in which it happened."""

    def __init__(self, town: DemoTown, seats: list[Seated], *, at: datetime, seed: int = 412) -> None:
        self.town, self.seats, self.now, self.chance = town, seats, at, Random(seed)
        self._queue: list[tuple[datetime, int, Work]] = []
        self._number = 0
        self._topics = [topic for topic, count in SETTLED.items() for _ in range(count)]
        self.chance.shuffle(self._topics)

    def tell(self) -> None:
        """Every meeting is planned first; then time runs."""
        share, rest = divmod(len(self._topics), len(self.seats) * MEETINGS)
        for number, (seated, turn) in enumerate((s, t) for t in range(MEETINGS) for s in self.seats):
            days = FIRST_DAY - (FIRST_DAY - LAST_DAY) * (turn + self.chance.random() * 0.9) / MEETINGS
            evening = (self.now - timedelta(days=days)).replace(hour=11, minute=0, second=0, microsecond=0)
            topics = [self._topics.pop() for _ in range(share + (number < rest))]
            self.at(evening - timedelta(days=6), self._meeting(seated, evening, topics))
        while self._queue:
            moment, _, work = heapq.heappop(self._queue)
            work(moment)

    def at(self, moment: datetime, work: Work) -> None:
        """Have something happen at a moment."""
        self._number += 1
        heapq.heappush(self._queue, (moment, self._number, work))

    @cached_property
    def photos(self) -> dict[str, bytes]:
        """A small picture a topic: what was done, as far as a drawing shows it."""
        return {topic: picture(colour) for topic, colour in _COLOURS.items()}

    def _meeting(self, seated: Seated, evening: datetime, topics: list[str]) -> Work:
        def plan(at: datetime) -> None:
            data = {"body": seated.body.pk, "starts_at": evening, "room": f"{seated.body.place.name}议事厅"}
            matter = begin("meeting", "plan", by=seated.secretary, place=seated.body.place, data=data, at=at).matter
            extra = [self.chance.choice(list(TALKS)) for _ in range(self.chance.random() < LOST * len(topics))]
            talks = [(t, True) for t in topics] + [(t, False) for t in extra]
            words = [(self._add(matter, seated, topic, at), carried) for topic, carried in talks]
            matter = act(matter, "convene", by=seated.secretary, at=at).matter
            self.at(evening, self._sit(seated, matter, words))

        return plan

    def _add(self, matter: Matter, seated: Seated, topic: str, at: datetime) -> Talk:
        """An item; returns what will be moved, what will have been done, and where."""
        where = self.chance.choice(self._compounds[seated.body.place_id])
        title, title_en, motion, done = (
            w.format(where=where.name, en=where.name) for w in self.chance.choice(TALKS[topic])
        )
        data = {"title": title, "title_en": title_en, "topic": topic}
        act(matter, "add_item", by=seated.secretary, data=data, at=at)
        return Talk(motion, done, where)

    def _sit(self, seated: Seated, matter: Matter, words: list[tuple[Talk, bool]]) -> Work:
        def sit(at: datetime) -> None:
            me, meeting = seated.secretary, MeetingDetail.objects.get(pk=matter.pk)
            now = act(matter, "open", by=me, at=at).matter
            called = list(Seat.objects.filter(meeting=meeting).order_by("id").values_list("pk", flat=True))
            here = called[: max(len(called) // 2 + 1, len(called) - self.chance.choice((0, 0, 1, 1, 2)))]
            now = act(now, "roll_call", by=me, data={"seats": here}, at=at).matter
            items, owed = list(AgendaItem.objects.filter(meeting=meeting).order_by("id")), []
            for number, (item, (talk, carried)) in enumerate(zip(items, words, strict=True)):
                at += timedelta(minutes=self.chance.randrange(8, 25))
                if number == 0:
                    point = {"item": item.pk, "words": self.chance.choice(POINTS)}
                    now = act(now, "note", by=me, data=point, at=at).matter
                yes = max(len(here) // 2 + 1, len(here) - self.chance.choice((0, 0, 1))) if carried else len(here) // 2
                hands = {"item": item.pk, "words": talk.motion, "yes": yes, "no": len(here) - yes}
                now = act(now, "count_hands", by=me, data=hands, at=at).matter
                if carried:
                    owed.append((item.pk, talk, item.topic))
            now = act(now, "close", by=me, at=at + timedelta(minutes=10)).matter
            self.at(at + timedelta(days=1), self._record(seated, now, owed))

        return sit

    def _record(self, seated: Seated, matter: Matter, owed: list[tuple[int, Talk, str]]) -> Work:
        def record(at: datetime) -> None:
            act(matter, "confirm", by=seated.chair, data={"edition": 1}, at=at)
            motions = dict(Motion.objects.filter(item__meeting=matter.pk).values_list("item", "pk"))
            for item, talk, topic in owed:
                matter_now, doer = self.publish(seated, motions[item], talk, topic, at + timedelta(hours=1))
                if self.chance.random() < OBJECTED:
                    self.at(at + timedelta(days=1), self._objection(seated, matter_now, talk, topic, doer))
                else:
                    self._then(seated, matter_now, talk, topic, doer)

        return record

    def publish(self, seated: Seated, motion: int, talk: Talk, topic: str, at: datetime) -> tuple[Matter, Account]:
        """A resolution with an owner; returns it with who is going to carry it out."""
        place, organisation, doer = seated.body.place, "", seated.secretary
        if topic == "property" and talk.where.pk in self._companies:
            place, (organisation, doer) = talk.where, self._companies[talk.where.pk]
        elif topic in ("charging", "water"):
            unit = "urban" if topic == "charging" else "utilities"
            organisation, doer = self.town.organisations[unit].code, self.town.people[f"demo-{unit}"]
        days = self.chance.choice((10, 15, 20, 30))
        data = {"motion": motion, "days": days, "organisation": organisation}
        return begin("resolution", "publish", by=seated.secretary, place=place, data=data, at=at).matter, doer

    def _objection(self, seated: Seated, matter: Matter, talk: Talk, topic: str, doer: Account) -> Work:
        def objection(at: datetime) -> None:
            number, now = self.chance.randrange(len(OBJECTIONS)), matter
            who = next((r for r in seated.residents if r.home and matter.place.contains(r.home)), None)
            if who is not None:
                now = act(now, "object", by=who, data={"words": OBJECTIONS[number]}, at=at).matter
                answer = {"words": ANSWERS[number]}
                now = act(
                    now, "dismiss", by=self.town.people["demo-second"], data=answer, at=at + timedelta(days=2)
                ).matter
            self._then(seated, now, talk, topic, doer)

        return objection

    def _then(self, seated: Seated, matter: Matter, talk: Talk, topic: str, doer: Account) -> None:
        """Publicity runs out, it is carried out, it is confirmed."""
        assert matter.due_at is not None

        def take_effect(at: datetime) -> None:
            now = act(matter, "take_effect", by=None, at=at).matter
            self.at(at + timedelta(days=self.chance.triangular(2, 22, 7)), finish(now))

        def finish(now: Matter) -> Work:
            def work(at: datetime) -> None:
                if now.due_at is not None and at > now.due_at:
                    act(now, "late", by=None, at=now.due_at)
                files = [SimpleUploadedFile("done.png", self.photos[topic])]
                after = act(now, "finish", by=doer, data={"words": talk.done}, files=files, at=at).matter
                self.at(at + timedelta(hours=self.chance.randrange(3, 70)), confirm(after))

            return work

        def confirm(now: Matter) -> Work:
            def work(at: datetime) -> None:
                act(now, "confirm", by=seated.chair, at=at)

            return work

        self.at(matter.due_at, take_effect)

    @cached_property
    def _companies(self) -> dict[int, tuple[str, Account]]:
        """The property company of each compound, and its manager."""
        posts = Post.objects.filter(role="property_manager", valid_to__isnull=True, organisation__isnull=False)
        return {
            p.place_id: (p.organisation.code, p.account)
            for p in posts.select_related("organisation", "account")
            if p.organisation
        }

    @cached_property
    def _compounds(self) -> dict[int, list[Place]]:
        found: dict[int, list[Place]] = {}
        for compound in self.town.compounds:
            for above in (compound.community_id, compound.subdistrict_id):
                found.setdefault(above or 0, []).append(compound)
        return found


def picture(colour: str) -> bytes:
    """A small drawing: a yard with something new in it."""
    image = Image.new("RGB", (160, 120), "#f2eadb")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 84, 160, 120), fill="#cbbd9f")
    draw.rectangle((20, 30, 70, 84), fill="#e5dac6")
    draw.rectangle((92, 52, 140, 84), fill=colour)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
