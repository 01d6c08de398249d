"""Who works at the power desk: roles of a county power company, and observers."""

from linhe.core.people.roles import Role
from linhe.lib.text import Text

DISPATCHER, OPERATOR, SUPERVISOR = "power_dispatcher", "power_operator", "power_supervisor"
TRUCK_CREW, OBSERVER, TRUCK_OWNER = "truck_crew", "power_observer", "truck_owner"
EVERYBODY = (DISPATCHER, SUPERVISOR, OPERATOR, TRUCK_CREW, OBSERVER)

ROLES = (
    Role(DISPATCHER, Text("配网调度员", "power dispatcher"), speaks=True),
    Role(SUPERVISOR, Text("监护人", "supervisor")),
    Role(OPERATOR, Text("操作人", "operator")),
    Role(TRUCK_CREW, Text("发电车组", "truck crew")),
    Role(OBSERVER, Text("观摩人员", "observer")),
    Role(TRUCK_OWNER, Text("支援单位联络员", "officer of a company that lends trucks"), speaks=True),
)
