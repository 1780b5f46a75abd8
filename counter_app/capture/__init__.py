"""Photograph paper with the document camera, page by page, material by material."""
