"""The kiosk's and the call display's ports over the real hall: journal, sync, catalogue, devices."""
