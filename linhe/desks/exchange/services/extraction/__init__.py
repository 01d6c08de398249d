"""From an uploaded document to suggestions that a person confirms: the text page by page, then what it states."""

from linhe.desks.exchange.services.extraction.labels import LABELS
from linhe.desks.exchange.services.extraction.pages import is_pdf, read_pages, too_large
from linhe.desks.exchange.services.extraction.suggesting import Suggestion, suggest
from linhe.lib.uploads import MOST_BYTES

__all__ = ["LABELS", "MOST_BYTES", "Suggestion", "is_pdf", "read_pages", "suggest", "too_large"]
