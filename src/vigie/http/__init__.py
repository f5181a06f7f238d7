"""The only opener of connections: identity, patience, retries, no private addresses."""

from vigie.http.asking import Answer, Request
from vigie.http.opening import Http, open_http

__all__ = ["Answer", "Http", "Request", "open_http"]
