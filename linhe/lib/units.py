"""Quantities as people read them, in Chinese and English. Stored values keep their unit in the name (``price_fen``)."""

from linhe.lib.text import Text


def yuan(amount_fen: int) -> str:
    """``1234567`` fen -> ``12,345.67``: exact, no floating point."""
    sign = "-" if amount_fen < 0 else ""
    return f"{sign}{abs(amount_fen) // 100:,}.{abs(amount_fen) % 100:02d}"


def money(amount_fen: int) -> Text:
    """An amount with its currency: ``12.50 元``, ``CNY 12.50``."""
    return Text(f"{yuan(amount_fen)} 元", f"CNY {yuan(amount_fen)}")


def fen(text: str) -> int:
    """What a person types in yuan (``"12.5"``, ``"1,200"``) in fen. Raises ValueError when it is no such amount."""
    whole, _, cents = text.strip().replace(",", "").replace("，", "").partition(".")
    if (
        not whole.isdecimal()
        or not whole.isascii()
        or len(cents) > 2
        or not (cents or "0").isdecimal()
        or not cents.isascii()
    ):
        raise ValueError(f"{text!r} is not an amount in yuan with at most two decimals")
    return int(whole) * 100 + int(cents.ljust(2, "0"))


def distance(metres: float) -> Text:
    """``840`` -> ``840 米`` / ``840 m``; from 1,000 m on in kilometres with one decimal."""
    if round(metres) < 1000:
        return Text(f"{round(metres)} 米", f"{round(metres)} m")
    return Text(f"{metres / 1000:.1f} 公里", f"{metres / 1000:.1f} km")


def duration(seconds: float) -> Text:
    """``5400`` -> ``1 小时 30 分钟`` / ``1 h 30 min``, to the full minute; less than one minute says so."""
    if 0 < seconds < 60:
        return Text("不到 1 分钟", "under 1 min")
    hours, minutes = divmod(round(seconds / 60), 60)
    days, hours = divmod(hours, 24)
    parts = [(days, "天", "d"), (hours, "小时", "h"), (minutes, "分钟", "min")]
    shown = [part for part in parts if part[0]] or [parts[-1]]
    return Text(" ".join(f"{n} {zh}" for n, zh, _ in shown), " ".join(f"{n} {en}" for n, _, en in shown))
