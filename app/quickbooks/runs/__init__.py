"""What a person starts and workers do in slices: its life (life.py), and why QuickBooks could not be read for it
(troubles.py). The work itself is in the room of each kind of run.
"""
