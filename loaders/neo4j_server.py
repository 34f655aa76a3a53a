"""A connection to a Neo4j server (5.26 or later), and its errors in one line each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import unquote, urlsplit

from rawabit.loaders.problems import one_line

if TYPE_CHECKING:
    import neo4j

__all__ = ["Address", "Server", "ServerError", "TooLarge", "connect", "parse_address"]

_T = TypeVar("_T")
_SCHEME = re.compile(r"(neo4j|bolt)(\+s|\+ssc)?://", re.IGNORECASE)
_RETRY = 60.0  # seconds for which a transaction is tried again: a server's restart
_MEMORY = ("MemoryPoolOutOfMemoryError", "TransactionOutOfMemoryError", "StackOverFlowError")
_CAUSES = {
    "Neo.ClientError.Security.Unauthorized": "the server refuses the user or the password",
    "Neo.ClientError.Security.AuthenticationRateLimit": "too many wrong passwords: wait a little",
    "Neo.ClientError.Security.CredentialsExpired": "the password must be changed first (ALTER CURRENT USER …)",
    "Neo.ClientError.Security.Forbidden": "the user may not do that",
    "Neo.ClientError.Database.DatabaseNotFound": "no such database there",
    "Neo.ClientError.General.ForbiddenOnReadOnlyDatabase": "the database is read-only",
    "Neo.ClientError.General.WriteOnReadOnlyAccessDatabase": "the database is read-only",
    "Neo.ClientError.Cluster.NotALeader": "this server takes no writes: give the cluster's neo4j:// address",
}
_BROKEN = re.compile("transaction|database|store|kernel|panic", re.IGNORECASE)


class ServerError(RuntimeError):
    """What a server, or the way to it, refused: one line without the password."""


class TooLarge(Exception):
    """A transaction that the server has no memory for."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server is, without the password.

    Attributes:
        url: scheme, host and port, as the driver takes it.
        user: None where the address names none.
        database: None for the server's default.
    """

    url: str
    user: str | None = None
    database: str | None = None


def parse_address(text: str) -> Address:
    """Read ``neo4j://user@host:port/database``; ``bolt``, ``+s`` and ``+ssc`` too.

    Raises:
        ValueError: it is none, or holds a password, which is not repeated.

    >>> parse_address("neo4j://sami@example.org/news")
    Address(url='neo4j://example.org:7687', user='sami', database='news')
    >>> parse_address("bolt+s://[::1]:7000").url
    'bolt+s://[::1]:7000'
    """
    match = _SCHEME.match(text)
    if not match:
        raise ValueError("an address of a server begins with neo4j:// or bolt://, or these with +s or +ssc")
    rest = text[match.end() :]
    # Whatever stands between a colon and an @ may be a password, one with a slash in it too.
    if re.search(r":.*@", rest, re.DOTALL):
        raise ValueError("a password has no place on the command line: set NEO4J_PASSWORD or give --password-file")
    if any(sign in rest for sign in "?#") or rest.count("@") > 1:
        raise ValueError("an address is neo4j://user@host:port/database, with nothing after it")
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "localhost", parts.port or 7687
    except ValueError as error:
        raise ValueError(f"{one_line(text)}: {error}") from None
    database = unquote(parts.path.strip("/"))
    if "/" in database:
        raise ValueError(f"{one_line(text)}: one name of a database, please")
    user = unquote(parts.username) if parts.username else None
    shown = f"[{host}]" if ":" in host else host
    return Address(f"{match[0].lower()}{shown}:{port}", user, database or None)


@dataclass(frozen=True, slots=True)
class Server:
    """An open connection.

    Attributes:
        url: to name it by in messages.
    """

    url: str
    _session: neo4j.Session

    def run(self, query: str, **parameters: Any) -> list[dict[str, Any]]:
        """One query in a transaction of its own, outside the managed ones: for schema and ``IN TRANSACTIONS``."""
        return [record.data() for record in self._session.run(query, parameters)]

    def read(self, query: str, **parameters: Any) -> list[dict[str, Any]]:
        """Rows of a query that only reads, tried again where the connection breaks."""
        return self.reading(lambda tx: [record.data() for record in tx.run(query, parameters)])

    def reading(self, work: Callable[[neo4j.ManagedTransaction], _T]) -> _T:
        """Run `work`, which only reads, in one transaction; it is called again where the connection broke."""
        return self._session.execute_read(work)

    def write(self, work: Callable[[neo4j.ManagedTransaction], _T]) -> _T:
        """Run `work` in one transaction; it is called again where the server or the connection failed.

        Raises:
            TooLarge: the server's limit of memory was met; nothing was written.
        """
        from neo4j.exceptions import Neo4jError

        def guarded(transaction: neo4j.ManagedTransaction) -> _T:
            try:
                return work(transaction)
            except Neo4jError as error:
                if _is_memory(error):  # "transient" to the driver, but it would only fail again
                    raise TooLarge from None
                raise

        try:
            return self._session.execute_write(guarded)
        except Neo4jError as error:
            if _is_memory(error):
                raise TooLarge from None
            raise


def _is_memory(error: neo4j.exceptions.Neo4jError) -> bool:
    return any(name in (error.code or "") for name in _MEMORY)


@contextmanager
def connect(uri: str, password: str | None) -> Iterator[Server]:
    """Open a server; what it refuses in the ``with`` block becomes a `ServerError`.

    Args:
        uri: as for `parse_address`; the user is ``NEO4J_USERNAME`` or "neo4j" where it names none.
        password: None or "" for a server without one.

    Raises:
        ServerError: it can't be reached, or refuses.
        ValueError: `uri` is no address.
    """
    import logging
    import os

    import neo4j
    from neo4j.exceptions import DriverError, Neo4jError

    logging.getLogger("neo4j").addHandler(logging.NullHandler())  # it would tell of retries on stderr, in many lines
    address = parse_address(uri)
    user = address.user or os.environ.get("NEO4J_USERNAME") or "neo4j"
    auth = neo4j.basic_auth(user, password) if password else None
    connected = False
    try:
        with (
            neo4j.GraphDatabase.driver(
                address.url,
                auth=auth,
                max_transaction_retry_time=_RETRY,
                connection_timeout=15.0,
                notifications_min_severity="OFF",
                user_agent="rawabit",
            ) as driver,
            driver.session(database=address.database) as session,
        ):
            session.run("RETURN 1").consume()
            connected = True
            yield Server(address.url, session)
    except Neo4jError as error:
        raise ServerError(f"{address.url}: {_cause(error, address, password)}") from None
    except (DriverError, OSError) as error:
        lost = "the connection was lost, run it again to mend" if connected else "no server answers"
        raise ServerError(f"{address.url}: {one_line(f'{lost}: {error or type(error).__name__}')}") from None
    except TooLarge:
        raise ServerError(
            f"{address.url}: the server's memory for transactions is too small (dbms.memory.transaction.total.max)"
        ) from None


def _cause(error: neo4j.exceptions.Neo4jError, address: Address, password: str | None) -> str:
    code = error.code or ""
    known = _CAUSES.get(code)
    message = error.message or str(error)
    if known is None and "read-only" in message.lower():
        known = "the database is read-only"
    if known:
        hint = "" if password or "Unauthorized" not in code else " (no password was given: set NEO4J_PASSWORD)"
        name = f" ({address.database})" if "DatabaseNotFound" in code and address.database else ""
        return one_line(f"{known}{name}{hint}: {code}")
    hint = "; is its disk full?" if code.startswith("Neo.DatabaseError") and _BROKEN.search(code + message) else ""
    return one_line(f"{code}: {message}{hint}")
