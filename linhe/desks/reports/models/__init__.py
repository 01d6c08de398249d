"""What only the reports desk knows of its matters."""

from linhe.desks.reports.models.hotline import HotlineFile, HotlineOrder, HotlineRequest
from linhe.desks.reports.models.keys import ApiKey, Open311Sent
from linhe.desks.reports.models.report import Following, Report

__all__ = ["ApiKey", "Following", "HotlineFile", "HotlineOrder", "HotlineRequest", "Open311Sent", "Report"]
