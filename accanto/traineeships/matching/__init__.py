"""Who could go to which place: the weighing of every pair, and the assignment that costs least in all.

Pure: no Django, no database, no clock. It knows keys, hours and places, never a name, a diagnosis or a measure. What it
finds is a proposal, and every pair of it can be explained."""
