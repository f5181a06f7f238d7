"""Vigie: how universities and schools are seen, listened to and judged on social networks."""
