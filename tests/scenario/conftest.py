"""Real servers that scenarios need. Must not hold scenarios."""

from tests.servers.postgres import own_postgres, postgres_server, postgres_url

__all__ = ["own_postgres", "postgres_server", "postgres_url"]
