"""ELF cores to measure with: memory of real processes behind that of a generated component."""

import glob
import mmap
import os
import struct
import subprocess

import processes

PAGE = 4096

# above all segments of tests/support/component.cc
REAL_BASE = 0x100000000
SEGMENT = 256 << 20
MOST_SEGMENTS = 32

LOAD = 1
HEADER = struct.Struct("<IIQQQQQQ")  # type, flags, offset, address, -, size in file, in memory, -


def program_headers(data):
    """Of an ELF file's first bytes."""
    offset, = struct.unpack_from("<Q", data, 32)
    count, = struct.unpack_from("<H", data, 56)
    return [list(HEADER.unpack_from(data, offset + i * HEADER.size)) for i in range(count)]


def copy(source, target, offset, count):
    """Bytes of a file to another one's end, through the kernel."""
    while count:
        done = os.sendfile(target.fileno(), source.fileno(), offset, count)
        if not done:
            break
        offset += done
        count -= done


def append_memory(path, out, room):
    """The memory in an ELF core, at most 'room' bytes of it; what is left of the room."""
    with open(path, "rb") as file:
        for kind, _, offset, _, _, stored, _, _ in program_headers(file.read(1 << 20)):
            if kind == LOAD:
                count = min(stored // PAGE * PAGE, room)
                copy(file, out, offset, count)
                room -= count
    return room


def component_core(make_core, path, capabilities):
    """A core of a generated component alone; its path."""
    subprocess.run([make_core, path, str(capabilities)], check=True)
    return path


class Core:
    """
    A generated component with many capabilities, and behind it 'size' bytes of real memory

    First the memory of real Genode components (tests/data/fixtures), then that of processes that
    grew until the size was reached.
    """

    def __init__(self, path, size, source, make_core, capabilities=4400):
        self.path = path
        self._headers, self._component = self._generated(make_core, path, capabilities)
        # header page, the component's file, the real memory
        self.start = PAGE + (len(self._component) + PAGE - 1) // PAGE * PAGE
        with open(path, "wb", buffering=0) as out:
            out.seek(self.start)
            self._fill(out, size, source)
        self._describe(size)

    @staticmethod
    def _generated(make_core, path, capabilities):
        with open(component_core(make_core, path, capabilities), "rb") as file:
            data = file.read()
        os.unlink(path)
        return program_headers(data), data

    def _fill(self, out, size, source):
        room = size
        for fixture in sorted(glob.glob(os.path.join(source, "tests/data/fixtures/*.core"))):
            room = append_memory(fixture, out, room)
        if not room:
            return
        for core in processes.grown(room, self.path + ".live"):
            room = append_memory(core, out, room)
        while room:  # less than the processes said: from the start again
            with open(self.path, "rb") as again:
                count = min(room, size - room)
                copy(again, out, self.start, count)
                room -= count

    def _describe(self, size):
        """Headers for so many bytes of real memory."""
        self.size = size
        self.pages = size // PAGE
        segment = max(SEGMENT, size // MOST_SEGMENTS)
        headers = [[h[0], h[1], h[2] + PAGE, *h[3:]] for h in self._headers]
        for at in range(0, size, segment):
            count = min(segment, size - at)
            headers.append([LOAD, 6, self.start + at, REAL_BASE + at, 0, count, count, PAGE])

        head = self._component[:16]
        head += struct.pack("<HHIQQQIHHHHHH", 4, 62, 1, 0, 64, 0, 0, 64, 56, len(headers), 0, 0, 0)
        head += b"".join(HEADER.pack(*header) for header in headers)
        with open(self.path, "r+b") as file:
            file.write(head.ljust(PAGE, b"\0"))
            file.write(self._component.ljust(self.start - PAGE, b"\0"))

    def part(self, path, size, sparse=None):
        """
        Another core with the first 'size' bytes, or with all, again and again, each page changed

        sparse  bytes of memory that it has besides, all zero and nowhere on the disk
        """
        part = Core.__new__(Core)
        part.path, part.start = path, self.start
        part._headers, part._component = self._headers, self._component
        with open(self.path, "rb") as source, open(path, "wb", buffering=0) as out:
            out.seek(self.start)
            for at in range(0, size, self.size):
                copy(source, out, self.start, min(self.size, size - at))
            if sparse:
                out.truncate(self.start + size + sparse)
        for at in range(self.size, size, self.size):
            part._stamp(at, min(self.size, size - at), at // self.size)
        part._describe(size + (sparse or 0))
        return part

    def _stamp(self, at, size, turn):
        """Make pages differ from those they were copied from, but for zero ones."""
        zero = bytes(PAGE)
        with open(self.path, "r+b") as file:
            for offset in range(self.start + at, self.start + at + size, 64 << 20):
                count = min(64 << 20, self.start + at + size - offset)
                file.seek(offset)
                data = bytearray(file.read(count))
                for page in range(0, count, PAGE):
                    if data[page:page + PAGE] != zero:
                        data[page:page + 8] = struct.pack("<Q", turn)
                file.seek(offset)
                file.write(data)

    def description(self):
        return (f"{self.size / (1 << 30):g} GiB of memory of real components and processes, and a "
                "generated component with more than 4096 capabilities")


def change_pages(path, start, pages, every):
    """Change a word, all of its bytes, in each 'every'-th page of the real memory."""
    with open(path, "r+b") as file, mmap.mmap(file.fileno(), 0) as data:
        for n in range(0, pages, every):
            at = start + n * PAGE + n // every % 500 * 8 + 64
            data[at:at + 8] = bytes(b ^ 0xa5 for b in data[at:at + 8])
