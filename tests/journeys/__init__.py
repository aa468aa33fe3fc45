"""What people do with a whole hub, from its door to its machines."""
