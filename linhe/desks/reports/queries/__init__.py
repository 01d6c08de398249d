"""Reads of the reports desk."""

from linhe.desks.reports.queries.categories import Category, Duty, categories, category_of, duty_of, suggested
from linhe.desks.reports.queries.near import Near, similar_near
from linhe.desks.reports.queries.owners import organisation_of, organisations_for, owner_of

__all__ = [
    "Category", "Duty", "Near", "categories", "category_of", "duty_of", "organisation_of", "organisations_for",
    "owner_of", "similar_near", "suggested",
]  # fmt: skip
