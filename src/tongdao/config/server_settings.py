"""The settings of the embedded server, written to tongdao.conf at each start. ALTER SYSTEM wins over them."""

from __future__ import annotations

import os

MEGABYTE = 1 << 20


def server_settings(*, durable: bool) -> str:
    """The text of tongdao.conf."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // MEGABYTE
    settings = {
        "listen_addresses": "''",  # nothing but the private unix socket
        "max_connections": "200",
        "shared_buffers": f"'{max(64, min(memory // 8, 2048))}MB'",
        "effective_cache_size": f"'{max(128, memory // 2)}MB'",
        "wal_compression": "off",  # pglz on pages of large indexes costs an order a fifth of its time
        "max_wal_size": "'2GB'",
        "random_page_cost": "1.1",  # solid-state disks
        "timezone": "'UTC'",
        "log_timezone": "'UTC'",
        "log_line_prefix": "'%m [%p] %u '",
        "log_checkpoints": "off",
        "log_lock_waits": "on",
        "log_parameter_max_length": "0",  # values of parameters are nobody's business
        "log_min_duration_statement": "'2s'",
    }
    if durable:
        settings |= {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
    else:
        settings |= {"fsync": "off", "full_page_writes": "off", "shared_buffers": "'64MB'"}
    return "".join(f"{name} = {value}\n" for name, value in settings.items())
