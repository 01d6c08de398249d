"""Feeders from the files of MATPOWER, pandapower and simbench, which are read as text and never run."""
