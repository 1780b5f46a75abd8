"""The hall's hardware: one folder a device. Imports nothing of ours and no Qt."""
