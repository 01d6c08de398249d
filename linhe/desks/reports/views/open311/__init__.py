"""Open311 GeoReport v2: civic reports for other systems, in XML and JSON as the specification has them."""
