"""Rewards of a settled quarter, handed over against a signature."""

from __future__ import annotations

from typing import Any

from linhe.core.loop.models import Event
from linhe.core.loop.refusals import Refused, invalid
from linhe.core.loop.step import Step
from linhe.desks.volunteering.models import Reward, SettlementDetail, SnapshotRow
from linhe.lib.text import Text


def end_publicity(step: Step) -> dict[str, int]:
    """The result counts: one reward for each of the chosen of the snapshot that counts."""
    settlement = SettlementDetail.objects.get(matter=step.matter)
    chosen = SnapshotRow.objects.filter(
        snapshot__settlement=settlement, snapshot__version=settlement.version, chosen=True
    ).order_by("rank", "account_id")
    rewards = [Reward(settlement=settlement, account_id=row.account_id, rank=row.rank) for row in chosen]
    Reward.objects.bulk_create(rewards)
    return {"rewards": len(rewards)}


def check_all_handed(step: Step) -> None:
    """A settlement closes once nobody waits for a reward."""
    if waiting := Reward.objects.filter(settlement=step.matter.pk, handed_at__isnull=True).count():
        message = Text(f"还有 {waiting} 份奖励没有发放。", f"{waiting} rewards are not handed over yet.")
        raise Refused("rewards_open", message)


def hand_over_reward(step: Step) -> dict[str, Any]:
    """Hand one reward over against a drawn signature (the one file), or a typed name."""
    reward = Reward.objects.select_for_update().filter(settlement=step.matter.pk, pk=step.data.reward_id).first()
    if reward is None:
        raise invalid({"reward_id": str(Text("没有这份奖励。", "There is no such reward."))})
    if reward.handed_at is not None:
        raise Refused("handed_already", Text("这份奖励已经领取。", "This reward was handed over before."))
    if step.by is not None and reward.account_id == step.by.pk:
        raise Refused("own_reward", Text("不能给自己发奖。", "You cannot hand it to yourself."), status=403)
    drawn = bool(step.record.get("photos"))
    if not drawn and not step.data.typed_name:
        message = Text("请签名，或填写签收人姓名。", "Sign, or type the name of who signs.")
        raise invalid({"typed_name": str(message)})
    reward.handed_at = step.at
    reward.signature = Reward.Signature.DRAWN if drawn else Reward.Signature.TYPED
    reward.save(update_fields=["handed_at", "signature"])

    def remember(event: Event) -> None:
        Reward.objects.filter(pk=reward.pk).update(event=event)

    step.after(remember)
    return {"rank": reward.rank, "signature": str(reward.signature)}
