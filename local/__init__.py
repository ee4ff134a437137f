"""Tools for this machine: the embedded stack, its sample data and its demo."""
