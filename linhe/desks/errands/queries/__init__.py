"""Reads of the errands desk."""

from linhe.desks.errands.queries.cards import (
    BoardRow,
    DetailView,
    ErrandCard,
    address_open,
    board,
    board_tally,
    card_for,
    card_of,
    cards_of,
    carried_by,
    detail_for,
    details_for,
    errands_of,
    in_hand,
    relay_contact,
)
from linhe.desks.errands.queries.duty import OnDuty, on_duty
from linhe.desks.errands.queries.maps import MapPoints, map_points
from linhe.desks.errands.queries.menu import Service, menu, service_of
from linhe.desks.errands.queries.panel import detail
from linhe.desks.errands.queries.pickups import pickup_places_near, pickups_of
from linhe.desks.errands.queries.reasons import because, detour_text, offer_reasons, unserved_reasons
from linhe.desks.errands.queries.telling import told_to_asker, told_to_courier, trail
from linhe.desks.errands.queries.way import (
    Candidate,
    RouteStop,
    RouteView,
    WayCard,
    best_three,
    best_way,
    my_route,
    offers_to,
    on_my_way,
    shift_of,
)

__all__ = [
    "BoardRow", "Candidate", "DetailView", "ErrandCard", "MapPoints", "OnDuty", "RouteStop", "RouteView", "Service",
    "WayCard", "address_open", "because", "best_three", "best_way", "board", "board_tally", "card_for", "card_of",
    "cards_of", "carried_by", "detail", "detail_for", "details_for", "detour_text", "errands_of", "in_hand",
    "map_points", "menu", "my_route", "offer_reasons", "offers_to", "on_duty", "on_my_way", "pickup_places_near",
    "pickups_of", "relay_contact", "service_of", "shift_of", "told_to_asker", "told_to_courier", "trail",
    "unserved_reasons",
]  # fmt: skip
