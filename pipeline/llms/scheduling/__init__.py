"""Which request goes when, to which endpoint: slots, limits, groups, outages and money."""
