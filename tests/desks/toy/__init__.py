"""The smallest desk that uses every word of a kind's declaration."""
