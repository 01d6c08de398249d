"""The demo district: a fictional place with its people, in which every desk tells its part of the story.

A desk's ``demo.seed(at=)`` begins with :func:`lay_town`, which lays the district once, and adds what only it needs.
"""

from linhe.core.demo.telling import told_fast
from linhe.core.demo.town import BASEMAP, CODE, DemoTown, found, lay_town

__all__ = ["BASEMAP", "CODE", "DemoTown", "found", "lay_town", "told_fast"]
