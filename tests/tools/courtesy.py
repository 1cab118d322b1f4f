"""How far what only calculates steps aside for what watches clocks and windows."""

COURTESY = 5  # a quarter of a core while those are busy, and all that they leave
