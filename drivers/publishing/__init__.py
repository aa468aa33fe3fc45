"""What the hub tells other systems of the lab: read-only, and never needed by the hub itself."""
