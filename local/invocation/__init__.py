"""One function at a time, in Lambda's own runtime on this machine, against the stack that is up."""
