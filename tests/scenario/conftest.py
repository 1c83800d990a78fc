"""Real servers that scenarios need. Must not hold scenarios."""

from tests.servers.postgres import postgres_server, postgres_url

__all__ = ["postgres_server", "postgres_url"]
