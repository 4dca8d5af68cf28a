"""Pictures of every page, wide and narrow, scene after scene: see bin/screenshots."""
