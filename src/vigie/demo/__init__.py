"""The invented sector: sixty institutions that do not exist, so that every page can speak."""

from vigie.demo.sector import MERGED, OURS, PURGED_NETWORK, Sector, sector
from vigie.demo.span import Span

__all__ = ["MERGED", "OURS", "PURGED_NETWORK", "Sector", "Span", "sector"]
