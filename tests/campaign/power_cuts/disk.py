"""A disk that remembers: one file served over FUSE, whose writes and flushes are recorded in the order they came.

A loop device over this file is what dm-log-writes would be under a file system, without the device mapper: the loop driver
turns every block write into a write and every flush into an fsync. A write that must be durable by itself (FUA) comes as a
write and a flush, because the loop driver knows no FUA. The kernel's side of the protocol is <linux/fuse.h>, version 7.31.
"""
import collections, contextlib, errno, os, signal, stat, struct, sys, traceback

WRITE, FLUSH = 1, 2
HEADER = struct.Struct("<BxxxIQ")  # kind, length, offset; the bytes written follow
Write = collections.namedtuple("Write", "offset data")

FORGET, GETATTR, SETATTR, OPEN, READ, WRITE_, STATFS, RELEASE, FSYNC, FLUSH_ = 2, 3, 4, 14, 15, 16, 17, 18, 20, 25
INIT, INTERRUPT, DESTROY, BATCH_FORGET = 26, 36, 38, 42
IN, OUT = struct.Struct("<IIQQIIIHH"), struct.Struct("<IiQ")
READ_IN, WRITE_IN = struct.Struct("<QQIIQII"), struct.Struct("<QQIIQII")
BIG_WRITES, MAX_PAGES = 1 << 5, 1 << 22
LARGEST_WRITE = 1 << 20


def read_record(path):
    """The record: a list of `Write`, and `None` for each flush, with where each item ends in the file."""
    items, ends = [], []
    with open(path, "rb") as file:
        while head := file.read(HEADER.size):
            kind, length, offset = HEADER.unpack(head)
            items.append(Write(offset, file.read(length)) if kind == WRITE else None)
            ends.append(file.tell())
    return items, ends


class Disk:
    """Answers the kernel until the file is unmounted."""

    def __init__(self, device, image, record):
        self.device = device
        self.image = os.open(image, os.O_RDWR)
        self.size = os.fstat(self.image).st_size
        self.record = os.open(record, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def serve(self):
        while True:
            try:
                request = os.read(self.device, LARGEST_WRITE + 65536)
            except OSError as error:
                if error.errno == errno.ENODEV:  # Unmounted.
                    return
                if error.errno in (errno.EINTR, errno.ENOENT, errno.EAGAIN):  # The request was taken back.
                    continue
                raise
            _, opcode, unique, node, *_ = IN.unpack_from(request)
            if opcode in (FORGET, BATCH_FORGET, INTERRUPT):
                continue
            try:
                answer, status = self.answer(opcode, node, request), 0
            except OSError as error:
                answer, status = b"", -error.errno
            with contextlib.suppress(FileNotFoundError):  # Whoever asked was killed meanwhile.
                os.write(self.device, OUT.pack(OUT.size + len(answer), status, unique) + answer)
            if opcode == DESTROY:
                return

    def answer(self, opcode, node, request):
        if opcode == INIT:
            major, minor, readahead, flags = struct.unpack_from("<IIII", request, IN.size)
            if major != 7 or minor < 31:
                raise OSError(errno.EPROTO, "the kernel speaks FUSE %d.%d" % (major, minor))
            return struct.pack("<IIIIHHIIHHI28x", 7, 31, readahead, flags & (BIG_WRITES | MAX_PAGES), 16, 12,
                               LARGEST_WRITE, 1, LARGEST_WRITE // 4096, 0, 0)
        if opcode in (GETATTR, SETATTR):
            attributes = struct.pack("<QQQQQQIIIIIIIIII", node, self.size, self.size // 512, 0, 0, 0, 0, 0, 0,
                                     stat.S_IFREG | 0o600, 1, 0, 0, 0, 4096, 0)
            return struct.pack("<QII", 3600, 0, 0) + attributes
        if opcode == OPEN:
            return struct.pack("<QII", 0, 0, 0)
        if opcode == READ:
            _, offset, size, *_ = READ_IN.unpack_from(request, IN.size)
            return os.pread(self.image, size, offset)
        if opcode == WRITE_:
            _, offset, size, *_ = WRITE_IN.unpack_from(request, IN.size)
            start = IN.size + WRITE_IN.size
            data = request[start:start + size]
            os.write(self.record, HEADER.pack(WRITE, size, offset) + data)
            os.pwrite(self.image, data, offset)
            return struct.pack("<II", size, 0)
        if opcode == FSYNC:
            os.write(self.record, HEADER.pack(FLUSH, 0, 0))
            return b""
        if opcode == STATFS:
            return struct.pack("<QQQQQIIII24x", 1 << 20, 1 << 20, 1 << 20, 1, 1, 4096, 255, 4096, 0)
        if opcode in (RELEASE, FLUSH_, DESTROY):
            return b""
        # No discard and no punched holes either: mkfs and the kernel go on without them.
        raise OSError(errno.ENOSYS, "not served")


def start(device, image, record, on_start):
    """Serves the disk from a process of its own, so that the kernel never waits for the one that mounts; its id."""
    parent = os.getpid()
    process = os.fork()
    if process:
        return process
    status = 1
    try:
        # Ctrl-C goes to the whole group: the disk must outlive the unmounting of what lies on it.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        on_start()
        if os.getppid() == parent:
            Disk(device, image, record).serve()
            status = 0
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
    finally:
        os._exit(status)
