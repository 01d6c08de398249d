"""What only the reports desk knows of its matters."""

from linhe.desks.reports.models.report import Following, Report

__all__ = ["Following", "Report"]
