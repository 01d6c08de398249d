"""The loops of the reports desk."""

from linhe.desks.reports.loop.hotline import HOTLINE
from linhe.desks.reports.loop.report import REPORT

__all__ = ["HOTLINE", "REPORT"]
