"""What can go wrong with an input, said in one line that a user can act on."""


class BoilerplateError(Exception):
    """Base of the errors that `boilerplate` raises on purpose."""


class InputError(BoilerplateError, ValueError):
    """The input is no page or text: binary, too large, of an unknown encoding."""


class DatasetError(BoilerplateError, ValueError):
    """A labelled dataset does not read: says which file, line and field."""


class ModelError(BoilerplateError, ValueError):
    """A model file is missing, damaged, of another version or hostile."""


class WorkerError(BoilerplateError, RuntimeError):
    """A worker process died where that cannot be laid to one page."""
