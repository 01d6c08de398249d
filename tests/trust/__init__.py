"""The tests that hold the promises: each breaks when linhe breaks its word."""
