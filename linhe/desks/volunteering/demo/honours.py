"""Points in the demo: earned, settled by the quarter, rewarded, redeemed at shops; the most admired of last year."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from linhe.core.dated import value
from linhe.core.demo import CODE, DemoTown
from linhe.core.loop.acting import act, begin
from linhe.core.loop.models import Matter
from linhe.core.people.models import Account, Organisation, Post
from linhe.core.places.models import Place
from linhe.core.points.services import settle_due
from linhe.desks.volunteering import services
from linhe.desks.volunteering.demo.stories import GOODS, SHOPS, STORIES
from linhe.desks.volunteering.models import Candidate, Item, Reward
from linhe.lib.periods import Quarter
from linhe.lib.working_calendar import SHANGHAI

QUARTERS = 6
"""So many are settled and rewarded; the one after them is published now."""
LONG = timedelta(days=900)
CANDIDATES, JURORS, VOTERS = 14, 3, 70
RANKED = 5
"""Couriers who earn in each subdistrict."""


class Honours:
    """Two years of points, from a deterministic chance."""

    def __init__(self, town: DemoTown, *, at: datetime, seed: int = 17) -> None:
        self.town, self.at, self.chance = town, at, Random(seed)
        self.officer = self._holds("demo-honours", "邵文华", 1210, "district_officer")
        self.worker = self._holds("demo-honours-worker", "程亚萍", 1211, "community_worker")

    def tell(self) -> None:
        """In the order of time: quarters, last year's selection, this year's vote, the shops."""
        self._join()
        window = timedelta(days=value("points.dispute_days", at=self.at) + 1)
        now = Quarter.of(self.at - window)
        quarters = [now]
        for _ in range(QUARTERS + 1):
            first = quarters[0]
            quarters.insert(
                0, Quarter(first.year, first.number - 1) if first.number > 1 else Quarter(first.year - 1, 4)
            )
        for quarter in quarters[:-1]:
            self._earn(quarter)
        settle_due(at=self.at, most=100_000)
        for quarter in quarters[:QUARTERS]:
            for place in self.town.subdistricts:
                self._rewarded(self._settle(quarter, place, quarter.stretch()[1] + timedelta(days=7)))
        published = [
            self._settle(
                quarters[QUARTERS], place, max(quarters[QUARTERS].stretch()[1] + window, self.at - timedelta(days=1))
            )
            for place in self.town.subdistricts
        ]
        act(
            published[0],
            "object",
            by=self.town.riders[4],
            data={"words": "我有一次送药好像没有算进去。"},
            at=self.at,
        )
        self._selected(self.at.astimezone(SHANGHAI).year - 1)
        self._voting(self.at.astimezone(SHANGHAI).year)
        self._redeem()

    def _holds(self, username: str, name: str, number: int, role: str) -> Account:
        who = self.town.person(username, name, number)
        Post.objects.get_or_create(
            account=who, role=role, place=self.town.district, defaults={"valid_from": self.at - LONG}
        )
        return who

    def _join(self) -> None:
        """Couriers were couriers before, verified their phone, and most of them agreed to be ranked."""
        people = [*self.town.riders, *self.town.residents]
        Account.objects.filter(pk__in=[p.pk for p in people]).update(phone_verified_at=self.at - LONG)
        for one in people:
            one.phone_verified_at = self.at - LONG
        Post.objects.bulk_create(
            Post(
                account=rider, role="courier", place=self.town.district, valid_from=self.at - LONG,
                valid_to=self.at - timedelta(days=395),
            )
            for rider in self.town.riders
        )  # fmt: skip
        for number, rider in enumerate(self.town.riders):
            if number % 8 != 7:
                services.take_part(rider, named=number % 3 == 0, at=self.at - LONG + timedelta(days=1))

    def _earn(self, quarter: Quarter) -> None:
        """Couriers volunteer here and there; the community confirms, nobody disputes."""
        first, after = quarter.stretch()
        riders = list(self.town.riders)
        self.chance.shuffle(riders)
        for number, rider in enumerate(riders[: RANKED * len(self.town.subdistricts)]):
            place = self._somewhere(self.town.subdistricts[number % len(self.town.subdistricts)])
            for time in range(1 + (RANKED - number // len(self.town.subdistricts)) // 2):
                moment = first + timedelta(days=5 + 9 * time, hours=2, minutes=7 * number)
                data = {"theme": "care", "day": moment.astimezone(SHANGHAI).date().isoformat(), "minutes": 60}
                log = begin("hours", "log", by=rider, place=place, data=data, at=moment).matter
                act(log, "confirm", by=self.worker, at=moment + timedelta(hours=3))
        settle_due(at=min(after, self.at))

    def _somewhere(self, subdistrict: Place) -> Place:
        return next(b for b in self.town.buildings if b.subdistrict_id == subdistrict.pk)

    def _settle(self, quarter: Quarter, place: Place, at: datetime) -> Matter:
        data = {"year": quarter.year, "quarter": quarter.number}
        return begin("settlement", "freeze", by=self.officer, place=place, data=data, at=at).matter

    def _rewarded(self, matter: Matter) -> None:
        """Publicity passes, everybody signs, mostly by hand."""
        at = matter.created_at + timedelta(days=12)
        act(matter, "publicity_over", by=None, at=at)
        for number, reward in enumerate(Reward.objects.filter(settlement=matter.pk).select_related("account")):
            data: dict[str, Any] = {"reward_id": reward.pk}
            files = [_signature(reward.pk)] if number else []
            if not files:
                data["typed_name"] = reward.account.name
            act(matter, "hand_over", by=self.officer, data=data, files=files, at=at + timedelta(days=1, minutes=number))
        act(matter, "close", by=self.officer, at=at + timedelta(days=2))

    def _ballot(self, year: int, at: datetime, riders: list[Account]) -> Matter:
        """Opened, nominated, agreed to, screened, open to the vote."""
        matter = begin(
            "selection", "open", by=self.officer, place=self.town.district, data={"year": year}, at=at
        ).matter  # fmt: skip
        for number, rider in enumerate(riders):
            data = {"phone": rider.phone, "name": rider.name, "story": STORIES[number % len(STORIES)]}
            source = {"source": "community"} if number % 3 == 0 else {}
            by = self.worker if source else self.town.residents[number]
            act(matter, "nominate", by=by, data=data | source, at=at + timedelta(hours=number))
            act(matter, "agree", by=rider, data={"agrees": True}, at=at + timedelta(days=1))
        for number in range(JURORS):
            juror = self.town.residents[60 + number]
            act(matter, "name_juror", by=self.officer, data={"who": juror.username}, at=at + timedelta(days=2))
        act(matter, "screening", by=self.officer, at=at + timedelta(days=3))
        for candidate in Candidate.objects.filter(selection=matter.pk).order_by("pk"):
            data = {"candidate_id": candidate.pk, "passed": True}
            act(matter, "screen", by=self.officer, data=data, at=at + timedelta(days=3))
        return act(matter, "open_vote", by=self.officer, at=at + timedelta(days=4)).matter

    def _vote(self, matter: Matter, voters: int, at: datetime) -> None:
        numbers = list(
            Candidate.objects.filter(selection=matter.pk).order_by("number").values_list("number", flat=True)
        )
        weights = [len(numbers) - place // 2 for place in range(len(numbers))]
        for voter in self.town.residents[:voters]:
            [number] = self.chance.choices(numbers, weights)
            services.cast_vote(account=voter, selection=matter, number=number or 1, at=at)

    def _selected(self, year: int) -> None:
        """Last year's ten."""
        at = datetime(year, 10, 20, 10, 0, tzinfo=SHANGHAI)
        matter = self._ballot(year, at, self.town.riders[:CANDIDATES])
        self._vote(matter, VOTERS, at + timedelta(days=5))
        act(matter, "close_vote", by=None, at=at + timedelta(days=18))
        for juror in self.town.residents[60 : 60 + JURORS]:
            for candidate in Candidate.objects.filter(selection=matter.pk).order_by("pk"):
                data = {"candidate_id": candidate.pk, "marks": self.chance.randrange(70, 99)}
                act(matter, "mark", by=juror, data=data, at=at + timedelta(days=19))
        act(matter, "count", by=self.officer, at=at + timedelta(days=20))
        act(matter, "publicity_over", by=None, at=at + timedelta(days=28))

    def _voting(self, year: int) -> None:
        """This year's vote is open; the demo's resident can still vote."""
        matter = self._ballot(year, self.at - timedelta(days=6), self.town.riders[8 : 8 + CANDIDATES])
        self._vote(matter, VOTERS // 2, self.at - timedelta(hours=5))

    def _redeem(self) -> None:
        """Partner shops with what they give; some had it already, the last one a minute ago."""
        shops = []
        for number, ((name, name_en), community) in enumerate(zip(SHOPS, self.town.communities, strict=False), 1):
            shop, _ = Organisation.objects.get_or_create(
                code=f"{CODE}-shop-{number}",
                defaults={"name": name, "name_en": name_en, "kind": "shop", "place": community},
            )
            clerk = self.town.person(
                f"demo-partner{'' if number == 1 else f'-{number}'}", f"店员{number}", 1220 + number
            )
            Post.objects.get_or_create(
                account=clerk,
                role="partner",
                place=community,
                organisation=shop,
                defaults={"valid_from": self.at - LONG},
            )
            for called, called_en, points, stock in GOODS[number - 1]:
                Item.objects.get_or_create(
                    shop=shop, name=called, defaults={"name_en": called_en, "points": points, "stock_a_month": stock}
                )
            shops.append((shop, clerk))
        for number, rider in enumerate(self.town.riders[:12]):
            shop, clerk = shops[number % len(shops)]
            item = Item.objects.filter(shop=shop).order_by("points", "pk")[number % 2]
            at = self.at - timedelta(days=11 - number, minutes=1)
            code, _ = services.new_code(rider, at=at)
            redeemed = begin(
                "redemption", "redeem", by=clerk, place=shop.place, data={"code": code, "item_id": item.pk}, at=at
            ).matter  # fmt: skip
            if number == 3:
                act(redeemed, "undo", by=clerk, data={"reason": "wrong_item"}, at=at + timedelta(minutes=2))
            elif number != 11:
                act(redeemed, "complete", by=None, at=at + timedelta(minutes=10))


def _signature(seed: int) -> SimpleUploadedFile:
    """A scribble, as a finger draws it."""
    draw, image = Random(seed), Image.new("RGB", (300, 120), "white")
    points = [(20 + 26 * n, 60 + draw.randrange(-40, 40)) for n in range(11)]
    ImageDraw.Draw(image).line(points, fill=(20, 20, 20), width=4, joint="curve")
    out = io.BytesIO()
    image.save(out, "PNG")
    return SimpleUploadedFile("signature.png", out.getvalue(), content_type="image/png")
