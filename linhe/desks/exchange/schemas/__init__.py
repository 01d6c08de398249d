"""What the actions and documents of the exchange desk ask for."""
