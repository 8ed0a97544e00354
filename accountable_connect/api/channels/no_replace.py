"""A name for what has a temporary one: never that of something which is there already.

Linux does it in one step (``renameat2`` with ``RENAME_NOREPLACE``), on its own file systems and on
SMB and FAT, which have no hard links. Where there is no such step (NFS, some others) a file gets
its second name as a hard link, which fails where the name is taken, and then loses the first one.
A file system that can do neither is refused.
"""

import ctypes
import errno
import os

RENAME_NOREPLACE = 1
NOT_SUPPORTED = (errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTTY)
NO_LINKS = (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EINVAL)
# Behind a temporary name while its file is being linked: a crash is settled by it.
LINKING = ".link"


class NotPossibleHere(Exception):
    """This file system cannot give a name without replacing what bears it."""


def give_name(temporary, name, directory):
    """Give what is called ``temporary`` its name. Raises FileExistsError where that is taken, and
    nothing changed then; :class:`NotPossibleHere`; another OSError.

    :param directory: an open directory, in which both names stand
    """
    if _rename_at_once(temporary, name, directory):
        return
    if is_directory(temporary, directory):
        _rename_directory(temporary, name, directory)
    else:
        _link(temporary, name, directory)


def is_there(name, directory):
    """Whether something has this name, a link that leads nowhere too."""
    try:
        os.stat(name, dir_fd=directory, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True


def is_directory(name, directory):
    """Whether this name is that of a directory, and no link to one."""
    mode = os.stat(name, dir_fd=directory, follow_symlinks=False).st_mode
    return mode & 0o170000 == 0o040000


def is_named(temporary, directory):
    """What became of a temporary name: False while it is there, True once it is gone, None where a
    crash between link and removal leaves it open, as the receiver may have taken the file since."""
    if is_there(temporary, directory):
        return False
    try:
        found = os.stat(temporary + LINKING, dir_fd=directory, follow_symlinks=False)
    except FileNotFoundError:
        return True
    # a second name, whatever it is by now: the receiver has it, or can see it
    return True if found.st_nlink > 1 else None


def _rename_at_once(temporary, name, directory):
    """False where the system has no such step."""
    function = _renameat2()
    if function is None:
        return False
    names = os.fsencode(temporary), os.fsencode(name)
    if function(directory, names[0], directory, names[1], RENAME_NOREPLACE) == 0:
        return True
    code = ctypes.get_errno()
    if code in NOT_SUPPORTED:
        return False
    raise OSError(code, os.strerror(code), name)


def _renameat2():
    """The function of the C library, None on a system without it."""
    try:
        function = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError, TypeError):
        return None
    function.argtypes = (
        ctypes.c_int,
        ctypes.c_char_p,
        ctypes.c_int,
        ctypes.c_char_p,
        ctypes.c_uint,
    )
    return function


def _rename_directory(temporary, name, directory):
    """Without that step the name is looked at first; what appears in between is replaced only where
    it is an empty directory, and loses nothing."""
    if is_there(name, directory):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), name)
    try:
        os.rename(temporary, name, src_dir_fd=directory, dst_dir_fd=directory)
    except OSError as error:
        if error.errno in (errno.ENOTEMPTY, errno.ENOTDIR):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), name) from error
        raise


def _link(temporary, name, directory):
    linking = temporary + LINKING
    os.rename(temporary, linking, src_dir_fd=directory, dst_dir_fd=directory)
    try:
        os.link(linking, name, src_dir_fd=directory, dst_dir_fd=directory, follow_symlinks=False)
    except OSError as error:
        # a server that answers late is asked twice, and finds what it did the first time
        if not (isinstance(error, FileExistsError) and _is_same(linking, name, directory)):
            os.rename(linking, temporary, src_dir_fd=directory, dst_dir_fd=directory)
            if error.errno in NO_LINKS:
                raise NotPossibleHere(name) from error
            raise
    os.unlink(linking, dir_fd=directory)


def _is_same(one, other, directory):
    found = [os.stat(each, dir_fd=directory, follow_symlinks=False) for each in (one, other)]
    return os.path.samestat(*found)
