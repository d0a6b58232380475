"""Pure functions on prices, free of any Home Assistant import, of I/O and of clocks."""
