"""What the store and the exchange endure: power cuts, full and failing disks, killed processes, spoiled lines."""
