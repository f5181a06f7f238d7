"""Pages of the culture programme: practices worth spreading, and walls for classes."""
