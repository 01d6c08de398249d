"""Parameters that a regulation or an office may change: TOML series by date and place, with unit and source."""

from linhe.core.dated.parameters import Entry, NotInForce, Parameter, UnknownParameter
from linhe.core.dated.registry import InvalidParameters, all_parameters, parameter, series, value

__all__ = [
    "Entry",
    "InvalidParameters",
    "NotInForce",
    "Parameter",
    "UnknownParameter",
    "all_parameters",
    "parameter",
    "series",
    "value",
]
