"""``python -m linhe``: the same as the console script."""

from linhe.config.cli import main

main()
