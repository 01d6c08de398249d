"""Who takes part in the loops of this desk, and the posts that it fills."""

from linhe.core.loop.kinds import ORGANISATION
from linhe.lib.text import Text

WORKER = "community_worker"
GRID = "grid_worker"
ORGANISER = "organiser"
PARTNER = "partner"
STAFF = (WORKER, "subdistrict_officer", "district_officer")
READERS = (WORKER, GRID, "subdistrict_officer", "district_officer", "auditor")
"""Who reads everything of this desk at their place."""
HELD_BY = (ORGANISATION, ORGANISER)

POST_KINDS = {"building_chief": "building", "unit_chief": "unit", "centre_household": "compound"}
"""Role of a post -> the kind of place it belongs to."""
POST_ROLES = (
    ("building_chief", Text("楼栋长", "building chief")),
    ("unit_chief", Text("单元长", "unit chief")),
    ("centre_household", Text("党员中心户", "centre household")),
)
