"""Review of state-owned property-rights deals by an exchange, and its supervision by the province."""
