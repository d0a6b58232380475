"""Run the price server until stopped."""

import argparse
import asyncio
import signal

from simulator.octopus import OctopusServer

PORT = 8790


async def _serve(host: str, port: int, seed: int) -> None:
    """Serve until a signal ends it."""
    end = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, end.set)
    server = OctopusServer(seed=seed)
    await server.start(host, port)
    try:
        print(f"octopus: {server.url}", flush=True)
        await end.wait()
    finally:
        await server.stop()


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m simulator.octopus",
        description="A fake Octopus Energy with prices of the real day.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument(
        "--port", type=int, default=PORT, metavar="N", help=f"default {PORT}"
    )
    parser.add_argument(
        "--seed", type=int, default=1, metavar="N", help="other prices, default 1"
    )
    options = parser.parse_args()
    asyncio.run(_serve(options.host, options.port, options.seed))


if __name__ == "__main__":
    main()
