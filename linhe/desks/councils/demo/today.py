"""What is open today: petitions, a meeting, a vote, resolutions in publicity, under objection, being carried out."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from linhe.core.demo import DemoTown
from linhe.core.loop.acting import act, begin
from linhe.core.loop.models import Matter
from linhe.core.people.models import Account
from linhe.core.places.models import Place
from linhe.desks.councils import services
from linhe.desks.councils.demo.bodies import Seated
from linhe.desks.councils.demo.history import picture
from linhe.desks.councils.demo.words import PETITIONS, TALKS
from linhe.desks.councils.models import AgendaItem, Motion

DAY = timedelta(days=1)
FOR_THE_ELDER = "在1号楼门口加装无障碍坡道和扶手"


class Today:
    """Tells the open end of the story, near the demo's people first."""

    def __init__(self, town: DemoTown, seats: list[Seated], assembly: Seated, *, at: datetime) -> None:
        self.town, self.seats, self.assembly, self.now = town, seats, assembly, at
        self.elder, self.worker = town.people["demo-elder"], town.people["demo-worker"]

    def tell(self) -> None:
        """Everything that waits for somebody."""
        self._decided()
        self._petitions()
        self._meeting_today()
        self._vote()

    def _decided(self) -> None:
        """One meeting lately whose resolutions are at every stage."""
        home = self.seats[0]
        petition = self._petition(self._place("building"), "other", "楼门口加坡道和扶手", "台阶太高，轮椅上不去。", 30)
        self._support(petition, 29)
        act(petition, "adopt", by=self.worker, at=self.now - 29 * DAY,
            data={"body": home.body.pk, "title": "楼门口无障碍坡道", "title_en": "A ramp at the door"})  # fmt: skip
        talks = [("other", "楼门口无障碍坡道", FOR_THE_ELDER)]
        talks += [(topic, title.format(where=self._yard), motion.format(where=self._yard))
                  for topic in ("charging", "property", "water", "neighbours")
                  for title, _, motion, _ in TALKS[topic][:1]]  # fmt: skip
        motions = self._held(home, talks, days=24)
        ramp, charging, lamps, water, noise = [
            self._publish(home, motion, self.now - days * DAY, unit)
            for motion, days, unit in zip(
                motions, (22, 2, 22, 4, 20), ("", "urban", "", "utilities", ""), strict=True
            )
        ]  # fmt: skip
        objector = next(r for r in self.assembly.residents if r.home)
        act(water, "object", by=objector, data={"words": "机器声音大，离一楼窗户太近"}, at=self.now - 2 * DAY)
        for matter in (ramp, lamps, noise):
            assert matter.due_at is not None
            act(matter, "take_effect", by=None, at=matter.due_at)
        files = [SimpleUploadedFile("done.png", picture("#2f8170"))]
        data = {"words": "坡道和扶手都装好了，请您试试"}
        act(ramp, "finish", by=self.worker, data=data, files=files, at=self.now - DAY)
        assert charging.stage == "publicity"
        for seated in self.seats[1:8]:
            topic = ("charging", "water", "property")[seated.body.pk % 3]
            title, _, motion, _ = (w.format(where=seated.body.place.name, en="") for w in TALKS[topic][0])
            found = self._held(seated, [(topic, title, motion)], days=20)
            matter = self._publish(seated, found[0], self.now - (3 + 3 * (seated.body.pk % 5)) * DAY, "")
            if matter.due_at is not None and matter.due_at < self.now:
                act(matter, "take_effect", by=None, at=matter.due_at)

    def _petitions(self) -> None:
        """Some gather supporters, some have enough and wait for the council."""
        for number, (topic, subject, words) in enumerate(PETITIONS):
            place = self._place("compound" if number % 2 else "building")
            petition = self._petition(place, topic, subject.format(where=self._yard), words, 5 - number)
            self._support(petition, 4 - number, most=(1, 6, 1, 11, 1)[number])
        for number, seated in enumerate(self.seats[1:6]):
            topic, subject, words = PETITIONS[number]
            who = seated.residents[0]
            assert who.home is not None
            data = {"topic": topic, "subject": subject.format(where=who.home.name), "words": words}
            begin("petition", "raise", by=who, place=who.home.compound or who.home, data=data, at=self.now - 3 * DAY)

    def _meeting_today(self) -> None:
        """The council of the worker's community meets within the hour; a resident has commented."""
        home = self.seats[0]
        titles = (("charging", "老旧楼栋飞线充电整治"), ("water", "直饮水机选址"), ("neighbours", "文明养犬公约"))
        matter = self._convened(home, titles, self.now - 4 * DAY, self.now + timedelta(minutes=30))
        item = AgendaItem.objects.filter(meeting=matter.pk).order_by("id")[0]
        for who, words in (
            (self.elder, "充电桩别离楼门口太近"),
            (self.town.people["demo-unit-chief"], "东侧空地可以用"),
        ):
            data = {"item": item.pk, "words": words}
            matter = act(matter, "comment", by=who, data=data, at=self.now - timedelta(hours=5)).matter

    def _vote(self) -> None:
        """The owners of the elder's compound vote on the lift; more than half have, the elder has not."""
        home = self.assembly
        begun = self.now - 2 * DAY
        matter = self._convened(home, (("property", "动用维修资金更换电梯"),), self.now - 20 * DAY, begun)
        matter = act(matter, "open", by=self.worker, at=begun).matter
        item = AgendaItem.objects.get(meeting=matter.pk)
        data: dict[str, Any] = {
            "item": item.pk, "words": "动用维修资金28万元，更换2号楼、3号楼老旧电梯", "rule": "special", "secret": True,
        }  # fmt: skip
        matter = act(matter, "move", by=self.worker, data=data, at=begun).matter
        motion = Motion.objects.get(item=item)
        matter = act(matter, "open_vote", by=self.worker, data={"motion": motion.pk}, at=begun).matter
        for number, owner in enumerate(home.residents[:27]):
            choice = "no" if number % 9 == 4 else "abstain" if number % 13 == 6 else "yes"
            at = begun + timedelta(minutes=40 * (number + 1))
            services.vote(by=owner, matter=matter, motion=motion.pk, choice=choice, at=at)

    def _petition(self, place: Place, topic: str, subject: str, words: str, days: int) -> Matter:
        data = {"topic": topic, "subject": subject, "words": words}
        who = self.elder if place.level == "building" and topic == "other" else self._neighbours(place)[0]
        return begin("petition", "raise", by=who, place=place, data=data, at=self.now - days * DAY).matter

    def _support(self, petition: Matter, days: int, most: int = 4) -> None:
        done = petition.requester_id
        for who in [n for n in self._neighbours(petition.place) if n.pk != done][:most]:
            petition = act(petition, "support", by=who, at=self.now - days * DAY).matter

    def _held(self, seated: Seated, talks: list[tuple[str, str, str]], *, days: int) -> list[Motion]:
        """A meeting so many days ago that carried all of these, with confirmed minutes."""
        begun = self.now - days * DAY
        titles = [(topic, title) for topic, title, _ in talks]
        matter = self._convened(seated, titles, begun - 4 * DAY, begun)
        me = seated.secretary
        matter = act(matter, "open", by=me, at=begun).matter
        seats = list(matter.meeting.seats.values_list("pk", flat=True))
        matter = act(matter, "roll_call", by=me, data={"seats": seats[:6]}, at=begun).matter
        words = {title: motion for _, title, motion in talks}
        motions = []
        for item in AgendaItem.objects.filter(meeting=matter.pk).order_by("id"):
            hands = {"item": item.pk, "words": words[item.title], "yes": 5, "no": 1}
            matter = act(matter, "count_hands", by=me, data=hands, at=begun).matter
            motions.append(Motion.objects.get(item=item))
        matter = act(matter, "close", by=me, at=begun + timedelta(hours=1)).matter
        act(matter, "confirm", by=seated.chair, data={"edition": 1}, at=begun + DAY)
        return motions

    def _convened(self, seated: Seated, titles: Any, told: datetime, starts: datetime) -> Matter:
        data = {"body": seated.body.pk, "starts_at": starts, "room": f"{seated.body.place.name}议事厅",
                "link": "https://meet.example.org/linhe"}  # fmt: skip
        matter = begin("meeting", "plan", by=seated.secretary, place=seated.body.place, data=data, at=told).matter
        waiting = set(AgendaItem.objects.filter(meeting=matter.pk).values_list("title", flat=True))
        for topic, title in titles:
            if title not in waiting:
                more = {"title": title, "topic": topic}
                matter = act(matter, "add_item", by=seated.secretary, data=more, at=told).matter
        return act(matter, "convene", by=seated.secretary, at=told).matter

    def _publish(self, seated: Seated, motion: Motion, at: datetime, unit: str) -> Matter:
        data = {"motion": motion.pk, "days": 10, "organisation": self.town.organisations[unit].code if unit else ""}
        return begin("resolution", "publish", by=seated.secretary, place=seated.body.place, data=data, at=at).matter

    def _place(self, level: str) -> Place:
        home = self.elder.home
        assert home is not None
        found: Place | None = home if level == "building" else home.compound
        assert found is not None
        return found

    @property
    def _yard(self) -> str:
        return self._place("compound").name

    def _neighbours(self, place: Place) -> list[Account]:
        """Owners who live there, without the demo's own people."""
        return [one for one in self.assembly.residents if one.home is not None and place.contains(one.home)]
