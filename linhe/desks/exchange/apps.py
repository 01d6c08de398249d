"""The exchange desk."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """Review of state-owned property-rights deals, and its supervision by the province."""

    name = "linhe.desks.exchange"
    label = "exchange"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the desk and its roles known, and what it holds about people."""
        from linhe.core.loop import retention, verifying
        from linhe.core.loop.registry import register_desk
        from linhe.core.people import holdings
        from linhe.core.people.roles import register_role
        from linhe.desks.exchange.desk import DESK
        from linhe.desks.exchange.loop.roles import ROLES
        from linhe.desks.exchange.queries.rederiving import problems_of_findings
        from linhe.desks.exchange.services.personal import HOLDING, forget

        for role in ROLES:
            register_role(role)
        register_desk(DESK)
        holdings.register(HOLDING)
        retention.register("listing", forget)
        verifying.register("findings", problems_of_findings)
