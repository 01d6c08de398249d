"""What the reports desk measures."""

from linhe.desks.reports.indicators.hotline import HOTLINE_MEASURES
from linhe.desks.reports.indicators.report import REPORT_MEASURES

MEASURES = (*REPORT_MEASURES, *HOTLINE_MEASURES)
