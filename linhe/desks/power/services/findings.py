"""What a run showed to be wrong becomes a matter of its own."""

from __future__ import annotations

from typing import Any

from linhe.core.loop.refusals import invalid
from linhe.core.loop.step import Step
from linhe.core.runsheets.models import RunItem
from linhe.desks.power.models import Outage, RunFinding
from linhe.lib.text import Text


def register_finding(step: Step) -> dict[str, Any]:
    """A finding names a run of this place and a step of its sheet."""
    outage = Outage.objects.select_related("matter", "feeder").filter(pk=step.data.outage).first()
    if outage is None or outage.matter.place_id != step.matter.place_id:
        raise invalid({"outage": str(Text("这里没有这起故障。", "There is no such event here."))})
    if not RunItem.objects.filter(sheet=outage.pk, step=step.data.step).exists():
        raise invalid({"step": str(Text("流程单没有这一步。", "The sheet has no such step."))})
    step.matter.title = f"{outage.feeder.name}复盘：第 {step.data.step} 步"
    step.matter.title_en = f"{outage.feeder.name_en}: finding at step {step.data.step}"
    RunFinding.objects.create(matter=step.matter, outage=outage, step=step.data.step)
    return {"run": "drill" if outage.drill else "real"}
