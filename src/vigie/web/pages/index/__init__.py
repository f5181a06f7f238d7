"""Pages anyone may read: the Index and what stands behind it."""
