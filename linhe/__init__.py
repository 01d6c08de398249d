"""linhe 邻和: one closed loop and a row of desks."""
