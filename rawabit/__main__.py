"""``python -m rawabit``."""

from rawabit.loaders.cli import main

main()
