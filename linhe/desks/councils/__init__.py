"""The councils desk: deliberation, votes and resolutions of the neighbourhood."""
