"""Pages and feeds over HTTP: bounded, polite, and every failure with a code."""

from pipeline.fetch.client import Client, Response
from pipeline.fetch.pages import fetch_page
from pipeline.fetch.polling import poll_feed

__all__ = ["Client", "Response", "fetch_page", "poll_feed"]
