"""A time-stamp authority of our own, for embedded stacks: their sessions are stamped by it."""
