"""Run the mempool until stopped."""

import argparse
import asyncio
import signal

from simulator.mempool import MempoolServer

PORT = 8792


async def _serve(host: str, port: int) -> None:
    """Serve until a signal ends it."""
    end = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, end.set)
    server = MempoolServer()
    await server.start(host, port)
    try:
        print(f"mempool: {server.url}", flush=True)
        await end.wait()
    finally:
        await server.stop()


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m simulator.mempool",
        description="A fake mempool, which tells of the Bitcoin network.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument(
        "--port", type=int, default=PORT, metavar="N", help=f"default {PORT}"
    )
    options = parser.parse_args()
    asyncio.run(_serve(options.host, options.port))


if __name__ == "__main__":
    main()
