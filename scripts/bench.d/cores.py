"""ELF cores to measure with: memory of real processes, and of a generated component."""

import mmap
import os
import struct
import subprocess
import time

PAGE = 4096

# above all segments of tests/support/component.cc
REAL_BASE = 0x100000000
SEGMENT = 256 << 20

PROGRAMS = (["/usr/bin/python3", "-c",
             "import json, unittest, http.server, email.mime.text, xml.dom.minidom, decimal, time\n"
             "x = [str(i) * 3 for i in range(200000)]\ntime.sleep(600)"],
            ["/usr/bin/perl", "-e", "use POSIX; %h = map { $_ => $_ x 5 } 1..100000; sleep 600"],
            ["/bin/bash", "-c", "for i in {1..20000}; do a[i]=$RANDOM; done; read x < <(sleep 600)"])


def real_pages(directory):
    """Pages of cores of living processes."""
    pages = bytearray()
    for program in PROGRAMS:
        with subprocess.Popen(program, stdout=subprocess.DEVNULL) as process:
            time.sleep(2)
            core = os.path.join(directory, "live")
            subprocess.run(["gcore", "-o", core, str(process.pid)], check=True,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            subprocess.run(["pkill", "-P", str(process.pid)], check=False)
            process.kill()
            core += f".{process.pid}"
            with open(core, "rb") as file:
                pages += file.read()
            os.unlink(core)
    del pages[len(pages) // PAGE * PAGE:]
    return pages


def component(make_core, path, capabilities):
    """The core of a generated component: program headers, and the file's bytes."""
    with open(component_core(make_core, path, capabilities), "rb") as file:
        data = file.read()
    os.unlink(path)
    offset, = struct.unpack_from("<Q", data, 32)
    count, = struct.unpack_from("<H", data, 56)
    headers = [list(struct.unpack_from("<IIQQQQQQ", data, offset + i * 56)) for i in range(count)]
    return headers, data


def component_core(make_core, path, capabilities):
    """A core of a generated component alone; its path."""
    subprocess.run([make_core, path, str(capabilities)], check=True)
    return path


class Core:
    """A core of 'size' bytes: a component's, with memory of real processes behind it."""

    def __init__(self, path, size, make_core, capabilities=4400):
        self.path = path
        pages = real_pages(os.path.dirname(path))
        headers, self.component = component(make_core, path, capabilities)
        self.distinct = len(pages) // PAGE

        segments = max(1, size // SEGMENT)
        segment = min(SEGMENT, size)
        self.pages = segments * segment // PAGE

        # header page, the component's file, the real memory
        start = PAGE + (len(self.component) + PAGE - 1) // PAGE * PAGE
        for header in headers:
            header[2] += PAGE
        headers += [[1, 6, start + i * segment, REAL_BASE + i * segment, 0, segment, segment, PAGE]
                    for i in range(segments)]
        self.start = start
        self._write(headers, pages)

    def _write(self, headers, pages):
        head = self.component[:16]
        head += struct.pack("<HHIQQQIHHHHHH", 4, 62, 1, 0, 64, 0, 0, 64, 56, len(headers), 0, 0, 0)
        head += b"".join(struct.pack("<IIQQQQQQ", *header) for header in headers)

        zeros = 0
        with open(self.path, "wb") as file:
            file.write(head.ljust(PAGE, b"\0"))
            file.write(self.component.ljust(self.start - PAGE, b"\0"))
            view = memoryview(pages)
            for n in range(self.pages):
                turn, source = divmod(n, self.distinct)
                page = view[source * PAGE:(source + 1) * PAGE]
                if turn and any(page[:64]):  # a changed counter, as in a program that went on
                    page = struct.pack("<Q", turn) + bytes(page[8:])
                zeros += not any(page)
                file.write(page)
        self.zero = zeros / self.pages

    def description(self):
        return (f"{self.pages * PAGE / (1 << 30):g} GiB of memory of real processes "
                f"({self.distinct} pages of three processes, repeated with changes; "
                f"{100 * self.zero:.0f} % of the pages are zero)")


def change_pages(path, start, pages, every):
    """Change a word, all of its bytes, in each 'every'-th page of the real memory."""
    with open(path, "r+b") as file, mmap.mmap(file.fileno(), 0) as data:
        for n in range(0, pages, every):
            at = start + n * PAGE + n // every % 500 * 8 + 64
            data[at:at + 8] = bytes(b ^ 0xa5 for b in data[at:at + 8])
