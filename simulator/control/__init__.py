"""Control routes: what tests and demonstrations tell the simulator to do."""
