"""Amounts, dates and shares as Chinese documents write them; what cannot be read exactly is None, never a guess."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal
from fractions import Fraction

FEN_A_YUAN = 100
MOST_FEN = 10**16
"""A hundred trillion yuan: more is a misread line."""

UNITS = {"分": Fraction(1, 100), "元": Fraction(1), "万元": Fraction(10**4), "亿元": Fraction(10**8)}
_UNITS = UNITS | {"万": UNITS["万元"], "亿": UNITS["亿元"], "百万元": Fraction(10**6), "千元": Fraction(1000)}
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_AMOUNT = re.compile(
    rf"(?P<minus>[-−负]\s*)?(?:人民币|RMB|CNY|[¥￥])?\s*(?P<minus2>[-−负]\s*)?(?<![\d.,])(?P<number>{_NUMBER})(?![\d,.]*\d)\s*"
    r"(?![%年月日号])(?P<unit>百万元|亿元|万元|千元|元|亿|万)?"
)
_DIGITS = {letter: value for value, letter in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0, "O": 0, "两": 2}
_CAPITALS = {letter: value for value, letter in enumerate("零壹贰叁肆伍陆柒捌玖")} | {"貳": 2, "陸": 6}
_TENS = {"拾": 10, "佰": 100, "仟": 1000}
_BIG = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
_CAPITAL = re.compile(rf"[{''.join([*_CAPITALS, *_TENS, *_BIG])}]{{2,}}[元圆](?:[^\s,;]{{0,6}})?")
_DATE = re.compile(r"(?<!\d)(\d{4})\s*(?:年|[-/.])\s*(\d{1,2})\s*(?:月|[-/.])\s*(\d{1,2})(?!\d)\s*日?")
_SPELT = "〇零○一二三四五六七八九"
_DATE_SPELT = re.compile(rf"([{_SPELT}]{{4}})年([一二三四五六七八九十]{{1,3}})月([一二三四五六七八九十]{{1,3}})日")
_SHARE = re.compile(r"(?<![\d.,-])(\d{1,3}(?:\.\d+)?)\s*%")
_SHARE_SPELT = re.compile(r"百分之([一二三四五六七八九十百]{1,5})(?:点([〇零一二三四五六七八九]+))?")


def plain(text: str) -> str:
    """Text as it can be searched: one form of every letter, no single blank between Chinese letters."""
    one = unicodedata.normalize("NFKC", text).replace("\u3000", " ")
    return re.sub(r"(?<=[\u4e00-\u9fff:]) (?=[\u4e00-\u9fff:])", "", one)


def amount_fen(text: str, *, unit: str = "") -> int | None:
    """The first amount in a text, in fen.

    ``unit`` is what a table's heading says (元, 万元, 亿元) and counts only where the amount itself names none. None
    when there is no amount, it has no unit at all, is negative, or does not come out at whole fen.
    """
    cleaned = plain(text)
    found = _AMOUNT.search(cleaned)
    capital = _CAPITAL.search(cleaned)
    if capital is not None and (found is None or found["unit"] is None):
        return _capital_fen(capital.group())
    if (
        found is None
        or found["minus"]
        or found["minus2"]
        or cleaned[: found.start()].rstrip().endswith(("-", "−", "负"))
    ):
        return None
    of = _UNITS.get(found["unit"] or unit or ("元" if re.search("[¥￥]", found.group()) else ""))
    if of is None:
        return None
    fen = Fraction(Decimal(found["number"].replace(",", ""))) * of * FEN_A_YUAN
    return int(fen) if fen.denominator == 1 and fen <= MOST_FEN else None


def day(text: str) -> date | None:
    """The first date in a text, written with digits or spelt out; None when there is none or no such day."""
    cleaned = plain(text)
    if found := _DATE.search(cleaned):
        return _day(*(int(part) for part in found.groups()))
    if spelt := _DATE_SPELT.search(cleaned):
        year = int("".join(str(_DIGITS[letter]) for letter in spelt[1]))
        return _day(year, _below_hundred(spelt[2]), _below_hundred(spelt[3]))
    return None


def share_percent(text: str) -> Fraction | None:
    """The first share in a text, in percent, above 0 and at most 100; None when there is none."""
    cleaned = plain(text)
    if found := _SHARE.search(cleaned):
        percent = Fraction(Decimal(found[1]))
    elif spelt := _SHARE_SPELT.search(cleaned):
        decimals = "".join(str(_DIGITS[letter]) for letter in spelt[2] or "〇")
        percent = (100 if spelt[1] in ("百", "一百") else _below_hundred(spelt[1])) + Fraction(Decimal(f"0.{decimals}"))
    else:
        return None
    return percent if 0 < percent <= 100 else None


def _day(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None


def _below_hundred(spelt: str) -> int:
    tens, ten, ones = spelt.partition("十")
    if not ten:
        return _DIGITS.get(spelt, 0)
    return 10 * (_DIGITS.get(tens, 0) if tens else 1) + (_DIGITS.get(ones, 0) if ones else 0)


def _capital_fen(text: str) -> int | None:
    """An amount in the capital numerals of cheques: 壹亿贰仟万元整."""
    whole, _, rest = text.replace("圆", "元").partition("元")
    fen = 100 * _capital_whole(whole)
    for letter, unit in re.findall(r"([零壹贰叁肆伍陆柒捌玖])(角|分)", rest):
        fen += _CAPITALS[letter] * (10 if unit == "角" else 1)
    return fen if 0 < fen <= MOST_FEN else None


def _capital_whole(text: str) -> int:
    total = section = digit = 0
    for letter in text:
        if letter in _CAPITALS:
            digit = _CAPITALS[letter]
        elif letter in _TENS:
            section += (digit or 1) * _TENS[letter]
            digit = 0
        else:
            section += digit
            total = (total + section) * _BIG[letter] if _BIG[letter] > 10**4 else total + section * _BIG[letter]
            section = digit = 0
    return total + section + digit
