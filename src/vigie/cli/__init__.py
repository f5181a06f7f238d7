"""The door for the terminal: one file per command in ``commands``, found by its name."""
