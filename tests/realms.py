"""The companies of a fresh simulator (simulator/seed/profiles.py), by their realms."""

US, AUTOMATED_TAX, UK = "9130357992221046", "9130357992221047", "9130357992221048"
SELF_NUMBERING = "9130357992221049"
