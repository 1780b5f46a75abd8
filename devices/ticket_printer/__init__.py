"""Ticket printers: 58 and 80 mm thermal printers that speak ESC/POS."""
