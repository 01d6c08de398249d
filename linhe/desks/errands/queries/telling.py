"""Where an errand stands, as one sentence to whoever asked for it and to the courier who carries it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from linhe.desks.errands.queries.cards import DetailView
from linhe.lib.text import Text
from linhe.lib.working_calendar import SHANGHAI

TRAIL = (
    ("open", Text("下单", "asked")),
    ("accepted", Text("接单", "taken")),
    ("collected", Text("取件", "fetched")),
    ("done", Text("送到", "brought")),
    ("confirmed", Text("确认", "closed")),
)
_REACHED = {
    "open": 0, "offered": 0, "accepted": 1, "collected": 2, "checking": 3, "approving": 3, "done": 3, "disputed": 3,
    "confirmed": 4, "withdrawn": 0, "unserved": 0, "failed": 3,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """A headline and what follows from it."""

    head: Text
    more: Text


@dataclass(frozen=True, slots=True)
class TrailStep:
    """One of the drawn steps: ``state`` is done, now or ahead."""

    name: Text
    state: str


def told_to_asker(view: DetailView, *, at: datetime) -> Told:
    """What the resident or the family reads first."""
    card, eta, who = view.card, arrival(view, at=at), view.courier or ""
    until = moment_text(card.latest_at, at=at)
    if card.stage == "accepted" and card.pickup_lat is not None:
        return Told(
            Text(f"小哥去取东西了，{eta.zh}", f"The courier is fetching it, {eta.en}"),
            Text(f"接单的是{who}小哥。", f"Your courier is {who}."),
        )
    said = {
        "open": (
            "正在找顺路的小哥", "Looking for a courier who passes by",
            f"最晚 {until.zh} 送到。找到了马上告诉您，不用守着手机。",
            f"By {until.en} at the latest. You will be told as soon as someone is found.",
        ),
        "offered": (
            "已经问了一位小哥", "A courier has been asked",
            "几分钟内有回音。他来不了，我们接着找。", "The answer comes within minutes. If it is no, we go on asking.",
        ),
        "accepted": (
            f"小哥在路上，{eta.zh}", f"Your courier is on the way, {eta.en}",
            f"接单的是{who}小哥。", f"Your courier is {who}.",
        ),
        "collected": (
            f"东西取到了，{eta.zh}", f"It is collected, {eta.en}",
            f"{who}小哥正在送来。", f"{who} is bringing it.",
        ),
        "checking": (
            "小哥来过了，社区会打电话给您", "The courier has been; the community will call you",
            "请告诉社区东西收到没有。", "Tell them whether you have it.",
        ),
        "approving": (
            "社区正在复核", "The community checks once more", "有了结果会告诉您。", "You will be told the result.",
        ),
        "done": (
            "送到了，您满意吗？", "Delivered. Are you content?",
            "点一下就好。您说好，小哥才得积分。", "One tap is enough. The courier earns points when you say so.",
        ),
        "disputed": (
            "社区正在处理您的异议", "The community looks into your objection",
            "处理完会告诉您。", "You will be told the result.",
        ),
        "confirmed": ("办好了", "All done", "谢谢您，也谢谢小哥。", "Thank you, and thanks to the courier."),
        "withdrawn": (
            "这一单已撤销", "This errand is withdrawn", "需要时随时再下单。", "Ask again whenever you need.",
        ),
        "unserved": (
            "这次没有找到小哥", "Nobody could come this time",
            "社区已经知道了。您可以换个时间再下一单。", "The community knows. You may ask again for another time.",
        ),
        "failed": (
            "这一单没有办成", "This errand was not done", "社区已经结案。需要时请再下单。",
            "The community closed it. Ask again when you need.",
        ),
    }[card.stage]  # fmt: skip
    return Told(Text(said[0], said[1]), Text(said[2], said[3]))


def told_to_courier(view: DetailView, *, at: datetime) -> Told:
    """What the courier reads first: where to go next."""
    card = view.card
    until = moment_text(card.latest_at, at=at)
    limit = Text(f"最晚 {until.zh} 送到。", f"By {until.en} at the latest.")
    shop = card.pickup_name
    fetch = Text(f"先去取：{shop or '取件地点'}", f"First collect at {shop or 'the pick-up place'}")
    bring = Text(f"送到 {card.building}", f"Bring it to {card.building}")
    accepted = fetch if card.pickup_lat is not None else bring
    said = {
        "offered": Told(Text("派给您的单，接不接？", "Offered to you: yes or no?"), limit),
        "accepted": Told(accepted, limit),
        "collected": Told(bring, limit),
        "checking": Told(
            Text("等社区回访", "The community calls back"),
            Text("核实后就会结单，您可以继续送别的。", "It is closed after that; go on with your route."),
        ),
        "approving": Told(Text("等社区复核", "The community checks once more"), Text("快好了。", "Almost done.")),
        "done": Told(
            Text("已送到，等居民确认", "Delivered, waiting for the resident"),
            Text("居民确认或到期后积分到账。", "Points come when the resident confirms, or when the time is up."),
        ),
        "disputed": Told(
            Text("居民有异议", "The resident objects"), Text("社区正在了解情况。", "The community looks into it.")
        ),
        "confirmed": Told(
            Text("办好了，谢谢您", "All done, thank you"), Text("积分已记上。", "The points are on your account.")
        ),
        "failed": Told(Text("这一单没有办成", "This errand was not done"), Text("社区已结案。", "It is closed.")),
        "withdrawn": Told(
            Text("居民撤销了", "The resident withdrew it"), Text("不用送了。", "There is nothing left to do.")
        ),
    }
    return said.get(card.stage, Told(view.stage, limit))


def trail(view: DetailView) -> list[TrailStep]:
    """The five steps of an errand, without the collecting where nothing is collected."""
    reached = _REACHED[view.card.stage]
    steps = [
        TrailStep(name, "done" if n < reached else "now" if n == reached else "ahead")
        for n, (code, name) in enumerate(TRAIL)
        if code != "collected" or view.card.pickup_lat is not None or view.card.stage == "collected"
    ]
    if view.card.stage == "confirmed":
        steps[-1] = TrailStep(steps[-1].name, "done")
    return steps


def arrival(view: DetailView, *, at: datetime) -> Text:
    """``约 14:20 到``; the limit where no arrival is planned."""
    if view.eta_at is None:
        until = moment_text(view.card.latest_at, at=at)
        return Text(f"最晚 {until.zh} 到", f"by {until.en} at the latest")
    if view.eta_at <= at:
        return Text("马上就到", "arriving any minute")
    when = moment_text(view.eta_at, at=at)
    return Text(f"约 {when.zh} 到", f"about {when.en}")


def moment_text(moment: datetime, *, at: datetime) -> Text:
    """``14:20`` today, with the day when it is another one."""
    local = moment.astimezone(SHANGHAI)
    clock, days = f"{local:%H:%M}", (local.date() - at.astimezone(SHANGHAI).date()).days
    if days == 0:
        return Text(clock, clock)
    if days == 1:
        return Text(f"明天 {clock}", f"{clock} tomorrow")
    return Text(f"{local.month}月{local.day}日 {clock}", f"{clock} on {local:%d/%m}")
