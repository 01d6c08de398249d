"""Feeders from other programs' files: MATPOWER, pandapower, simbench, OpenDSS. Files are read as text, never run."""
