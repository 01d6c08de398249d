"""Tests of linhe; the tree below mirrors the tree of the code."""
