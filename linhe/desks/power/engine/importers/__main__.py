"""Reads a feeder of another program in a process of its own, which a broken file may take down alone.

From standard input ``{"from": ..., "text": ..., "files": ...}`` (CASE.md), to standard output ``{"feeder": ...}`` or
``{"error": ...}``.
"""

from __future__ import annotations

import json
import sys

from linhe.desks.power.engine import case

if __name__ == "__main__":
    try:
        told: dict[str, object] = {"feeder": case.feeder_case(json.load(sys.stdin))}
    except ValueError as error:
        told = {"error": str(error)}
    json.dump(told, sys.stdout)
