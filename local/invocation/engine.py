"""The container engine of this machine, by the API that Docker, Finch and podman share."""

import os
import platform
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

# Where Docker Desktop lets containers reach this machine's loopback. An address, because the name
# of a bucket would be put before that of a host.
DESKTOP = "192.168.65.254"
# The networks that containers join by default: Docker's and Finch's, podman's.
NETWORKS = ("bridge", "podman")
ANSWER_SECONDS = 5


class EngineFailed(Exception):
    """The engine that was asked for does not answer, or cannot reach the stack."""


@dataclass(frozen=True)
class Engine:
    """An engine that answers at *host*, in the form of DOCKER_HOST."""

    host: str

    def answers(self) -> bool:
        """Tell whether it is running."""
        try:
            return self._get("/_ping").is_success
        except httpx.TransportError:
            return False

    @property
    def is_desktop(self) -> bool:
        """Whether it runs in a machine of its own, which forwards to this one's loopback."""
        return "Docker Desktop" in str(self._said("/info").get("OperatingSystem"))

    @property
    def is_rootless(self) -> bool:
        """Whether its containers have no bridge on this machine."""
        return any("rootless" in str(one) for one in self._said("/info")["SecurityOptions"] or ())

    @property
    def gateway(self) -> str | None:
        """This machine's address on the bridge of the containers, if it has one."""
        for network in NETWORKS:
            answer = self._get(f"/networks/{network}")
            if answer.is_success:
                return str(answer.json()["IPAM"]["Config"][0]["Gateway"])
        return None

    def has(self, image: str) -> bool:
        """Tell whether an image is there already."""
        return self._get(f"/images/{image}/json").is_success

    def _said(self, path: str) -> dict[str, Any]:
        said: dict[str, Any] = self._get(path).json()
        return said

    def _get(self, path: str) -> httpx.Response:
        kind, _, address = self.host.partition("://")
        base, uds = ("http://engine", address) if kind == "unix" else (f"http://{address}", None)
        transport = httpx.HTTPTransport(uds=uds)
        with httpx.Client(transport=transport, base_url=base, timeout=ANSWER_SECONDS) as client:
            return client.get(path)


def engine() -> Engine | None:
    """
    Return the engine that DOCKER_HOST names, or else the first that runs, if any does.

    Raises:
        EngineFailed: DOCKER_HOST names one that does not answer.
    """
    if asked := os.environ.get("DOCKER_HOST"):
        if not Engine(asked).answers():
            raise EngineFailed(f"No container engine answers at DOCKER_HOST, {asked}. Start it.")
        return Engine(asked)
    return next((found for found in map(Engine, _usual()) if found.answers()), None)


def _usual() -> Iterator[str]:
    """The sockets of Docker, of podman and of Finch."""
    own = os.environ.get("XDG_RUNTIME_DIR", f"/run/user/{os.getuid()}")
    places = [
        "/var/run/docker.sock",
        f"{Path.home()}/.docker/run/docker.sock",
        f"{own}/podman/podman.sock",
        "/run/podman/podman.sock",
        "/run/finch.sock",
    ]
    if platform.system() == "Darwin":
        places.append("/Applications/Finch/lima/data/finch/sock/finch.sock")
    yield from (f"unix://{place}" for place in places if Path(place).exists())
