"""Threads of a process as actors, so that the scheduler decides which of them is faster."""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any, ParamSpec, TypeVar

from greenlet import greenlet

from tests.simulation.scheduler import Crash, Scheduler

P = ParamSpec("P")
T = TypeVar("T")


class Task(Future[T]):
    """The task of a thread; an actor that waits for its result lets the others run."""

    def __init__(self, scheduler: Scheduler) -> None:
        super().__init__()
        self._scheduler = scheduler

    def result(self, timeout: float | None = None) -> T:
        while not self.done():
            self._scheduler.let_others()
        return super().result(timeout)


class Lanes(Executor):
    """Replaces a pool of threads, all of which die with their process."""

    def __init__(self, scheduler: Scheduler) -> None:
        self._scheduler = scheduler
        self._tasks: list[Future[Any]] = []
        self._actors: list[greenlet] = []

    def submit(self, work: Callable[P, T], /, *arguments: P.args, **options: P.kwargs) -> Future[T]:
        task = Task[T](self._scheduler)

        def run() -> None:
            if not task.set_running_or_notify_cancel():
                return
            try:
                task.set_result(work(*arguments, **options))
            except BaseException as error:  # noqa: BLE001 - raised where the result is waited for
                if isinstance(error, Crash):
                    self._scheduler.kill(self._actors)
                task.set_exception(error)

        self._tasks.append(task)
        self._actors.append(self._scheduler.spawn("lane", run))
        return task

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002
        while not all(task.done() for task in self._tasks):
            self._scheduler.let_others()
