"""Reads of the reports desk."""

from linhe.desks.reports.queries.board import (
    LANE_NAMES,
    BoardRow,
    Choice,
    board_rows,
    dealt_with,
    for_export,
    lane_counts,
)
from linhe.desks.reports.queries.categories import Category, Duty, categories, category_of, duty_of, suggested
from linhe.desks.reports.queries.links import link_of, matter_of_link, owner_mark
from linhe.desks.reports.queries.near import Near, similar_near
from linhe.desks.reports.queries.owners import organisation_of, organisations_for, owner_of
from linhe.desks.reports.queries.panel import detail
from linhe.desks.reports.queries.public import (
    PublicReport,
    name_of,
    public_page,
    public_photos,
    public_report,
    public_rows,
    public_views,
    rounded,
)
from linhe.desks.reports.queries.telling import Dot, Told, told_of, trail_of
from linhe.desks.reports.queries.views import ReportView, owner_name, report_view, words_of

__all__ = [
    "LANE_NAMES", "BoardRow", "Category", "Choice", "Dot", "Duty", "Near", "PublicReport", "ReportView", "Told",
    "board_rows", "categories", "category_of", "dealt_with", "detail", "duty_of", "for_export", "lane_counts",
    "link_of", "matter_of_link", "name_of", "organisation_of", "organisations_for", "owner_mark", "owner_name",
    "owner_of", "public_page", "public_photos", "public_report", "public_rows", "public_views", "report_view",
    "rounded", "similar_near", "suggested", "told_of", "trail_of", "words_of",
]  # fmt: skip
