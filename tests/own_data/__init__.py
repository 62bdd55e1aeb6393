"""Own data for tests: files in robomimic's layout, and episodes of a Gymnasium task."""
