"""Pages of the register: who is who, what changed, who signs in."""
