"""Mounts, loop devices and file systems: everything here lives in a mount namespace of this process alone.

The loop devices free themselves when what lies on them is unmounted, and the mounts go with the process, even when it is
killed: what is left then is one empty directory. No device is touched that was not made here.
"""
import contextlib, ctypes, os, shutil, signal, subprocess, tempfile

from . import disk

LIBC = ctypes.CDLL(None, use_errno=True)
PR_SET_PDEATHSIG = 1
CLONE_NEWNS, MS_NOSUID, MS_NODEV, MS_REC, MS_PRIVATE, MNT_DETACH = 0x20000, 2, 4, 0x4000, 1 << 18, 2


class CannotRun(Exception):
    """This machine lacks what power cuts need; says what."""


class FileSystem:
    """How a file system is made and mounted. Nothing is discarded: a discard would be no write in the record."""

    def __init__(self, name, mebibytes, make, options):
        self.name, self.size, self.make, self.options = name, mebibytes << 20, make, options


FILE_SYSTEMS = {system.name: system for system in (
    # Without the guess of ext4 that a renamed file is wanted whole: other file systems do not guess.
    FileSystem("ext4", 64, ["mkfs.ext4", "-q", "-F", "-b", "4096", "-E", "nodiscard,lazy_itable_init=0"],
               "noauto_da_alloc,nodiscard"),
    FileSystem("xfs", 320, ["mkfs.xfs", "-q", "-f", "-K"], "nodiscard"),
    FileSystem("btrfs", 128, ["mkfs.btrfs", "-q", "-f", "-K"], "nodiscard"),
)}


def end_with_parent(number):
    """Sends this process a signal when the one that started it is gone, however it ended."""
    LIBC.prctl(PR_SET_PDEATHSIG, number)


def mount(source, target, kind, flags, options):
    done = LIBC.mount(source.encode(), target.encode(), kind and kind.encode(), flags, options and options.encode())
    if done != 0:
        code = ctypes.get_errno()
        raise OSError(code, "cannot mount %s: %s" % (target, os.strerror(code)))


def unmount(target, flags=0):
    return LIBC.umount2(target.encode(), flags) == 0


def run(words):
    done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace")
    if done.returncode != 0:
        raise OSError("%s: %s" % (" ".join(words), (done.stdout + done.stderr).strip()))
    return done.stdout


def check(systems):
    """Raises `CannotRun` with every thing that is missing."""
    missing = [] if os.geteuid() == 0 else ["it must be root"]
    missing += ["there is no " + path for path in ("/dev/fuse", "/dev/loop-control") if not os.path.exists(path)]
    programs = ["mount", "losetup"] + ["mkfs." + name for name in systems]
    missing += [program + " is not installed" for program in programs if not shutil.which(program)]
    if missing:
        raise CannotRun("power cuts cannot be replayed here: " + ", ".join(missing))


@contextlib.contextmanager
def place():
    """A directory in memory, seen by this process and its children alone, gone afterwards."""
    path = tempfile.mkdtemp(prefix="power-cuts-")
    try:
        if LIBC.unshare(CLONE_NEWNS) != 0:
            raise CannotRun("power cuts cannot be replayed here: no mount namespace of its own")
        try:
            mount("none", "/", None, MS_REC | MS_PRIVATE, None)
            mount("tmpfs", path, "tmpfs", MS_NOSUID | MS_NODEV, "mode=700,size=4g")
        except OSError as error:
            raise CannotRun("power cuts cannot be replayed here: %s" % error) from error
        try:
            yield path
        finally:
            unmount(path, MNT_DETACH)
    finally:
        os.rmdir(path)


def copy_sparse(source, target):
    """Copies a file without its holes."""
    with open(source, "rb") as old, open(target, "wb") as new:
        size = os.fstat(old.fileno()).st_size
        new.truncate(size)
        at = 0
        while at < size:
            try:
                at = os.lseek(old.fileno(), at, os.SEEK_DATA)
            except OSError:  # Nothing but a hole is left.
                return
            end = os.lseek(old.fileno(), at, os.SEEK_HOLE)
            while at < end:
                at += os.copy_file_range(old.fileno(), new.fileno(), end - at, at, at)


def make_image(system, path):
    """An image with an empty file system."""
    with open(path + ".made", "wb") as image:
        image.truncate(system.size)
    run([*system.make, path + ".made"])
    # What mkfs zeroed becomes a hole again: every crash state is a copy of this.
    with open(path + ".made", "rb") as made, open(path, "wb") as image:
        image.truncate(system.size)
        at = 0
        while block := made.read(65536):
            if block.count(0) != len(block):
                os.pwrite(image.fileno(), block, at)
            at += len(block)
    os.remove(path + ".made")


@contextlib.contextmanager
def mounted(system, image, target, settle=False):
    """Mounts an image through a loop device that frees itself. With `settle` the unmounting must succeed."""
    os.makedirs(target, exist_ok=True)
    run(["mount", "-t", system.name, "-o", "loop," + system.options, image, target])
    with open("/proc/self/mountinfo") as lines:
        device = [line.split(" - ")[1].split()[1] for line in lines if line.split()[4] == target][-1]
    try:
        yield
        if settle:
            run(["umount", target])
    finally:
        while unmount(target) or unmount(target, MNT_DETACH):
            pass
        if system.name == "btrfs":
            # The kernel remembers the generation of this file system at this device, and the next state is older.
            subprocess.run(["btrfs", "device", "scan", "--forget", device], capture_output=True)


@contextlib.contextmanager
def recorded(image, target, record):
    """Offers an image as the file `target`, recording what is written to it."""
    with open(target, "wb"):
        pass
    device = os.open("/dev/fuse", os.O_RDWR)
    server = None
    try:
        mount("power-cuts", target, "fuse", MS_NOSUID | MS_NODEV,
              "fd=%d,rootmode=100000,user_id=0,group_id=0" % device)
        server = disk.start(device, image, record, lambda: end_with_parent(signal.SIGKILL))
        yield
    finally:
        os.close(device)
        unmount(target) or unmount(target, MNT_DETACH)
        if server is not None:
            _, status = os.waitpid(server, 0)
            if status != 0:
                raise OSError("the recording disk failed (status %d)" % status)
