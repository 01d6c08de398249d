"""The desk's story in the demo district, and the replay of a courier company's day; everything through act()."""
