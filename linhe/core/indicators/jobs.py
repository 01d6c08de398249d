"""Background work of indicators: counting what has happened."""

from __future__ import annotations

from procrastinate.contrib.django import app

from linhe.core.indicators.rolling import roll_up


@app.periodic(cron="* * * * * */5")
@app.task(queueing_lock="indicators.roll_up", pass_context=False)
def roll_up_now(timestamp: int) -> None:
    """Every five seconds: count pending events into the roll-ups."""
    roll_up()
