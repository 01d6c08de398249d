"""Generated applications, for measuring and for comparing back ends."""
