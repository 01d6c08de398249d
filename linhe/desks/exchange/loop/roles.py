"""Who works with this desk. All four sign in as staff do; only sellers speak for their organisation."""

from linhe.core.people.roles import Role
from linhe.lib.text import Text

SELLER, REVIEWER, MANAGER = "seller", "exchange_reviewer", "exchange_manager"
SUPERVISOR = "provincial_supervisor"

ROLES = (
    Role(
        SELLER, Text("转让方经办人", "seller's officer"), granted_by=("administrator", MANAGER), speaks=True
    ),
    Role(REVIEWER, Text("交易所审核员", "exchange reviewer"), granted_by=("administrator", MANAGER)),
    Role(MANAGER, Text("交易所审核主管", "exchange manager")),
    Role(SUPERVISOR, Text("省级监管人员", "provincial supervisor")),
)  # fmt: skip
