"""The API of the reports desk beyond the generic one of the loop."""

from ninja import Router

from linhe.desks.reports.api.hotline import router as hotline_router
from linhe.desks.reports.api.report import router as report_router

router = Router(tags=["reports"])
router.add_router("", report_router)
router.add_router("/hotline", hotline_router)
