"""Run the pool statistics server until stopped."""

import argparse
import asyncio
import signal

from simulator.pool_statistics import Account, PoolStatisticsServer, PoolWorker

PORT = 8791


async def _serve(host: str, port: int, name: str) -> None:
    """Serve until a signal ends it."""
    end = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, end.set)
    server = PoolStatisticsServer()
    account = Account(
        workers=[
            PoolWorker(name="bitaxe", hashrate=1.2e12, best_difficulty=5_827_361.22),
            PoolWorker(name="nano", hashrate=6e12, best_difficulty=98_765_432.1),
        ],
        best_difficulty=123_456_789.1,
        balance="0.00012345",
    )
    server.accounts[name] = server.tokens[name] = account
    await server.start(host, port)
    try:
        print(f"pool statistics: {server.url}", flush=True)
        await end.wait()
    finally:
        await server.stop()


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m simulator.pool_statistics",
        description="A fake public-pool, ckpool and Braiins Pool on one port.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument(
        "--port", type=int, default=PORT, metavar="N", help=f"default {PORT}"
    )
    parser.add_argument(
        "--name",
        default="simulated",
        metavar="TEXT",
        help='payout address and token that are known, default "simulated"',
    )
    options = parser.parse_args()
    asyncio.run(_serve(options.host, options.port, options.name))


if __name__ == "__main__":
    main()
