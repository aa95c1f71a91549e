#!/usr/bin/env python3
"""Makes archives/: what a recipe's url may lead to, in good and in bad faith.

Run with Python 3.11 (tarfile, zipfile, gzip, bz2 and lzma of the standard library). The same bytes
come out each time, but for the compressors' versions.
"""

import bz2
import gzip
import io
import lzma
import pathlib
import stat
import tarfile
import zipfile

OUT = pathlib.Path(__file__).parent / "archives"


def tar(*members, format=tarfile.PAX_FORMAT):
    """A tar of (name, content) files, or of TarInfo objects as they are."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=format) as archive:
        for member in members:
            if isinstance(member, tarfile.TarInfo):
                archive.addfile(member)
            else:
                name, content = member
                info = tarfile.TarInfo(name)
                info.size = len(content)
                archive.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def special(name, type, target=""):
    info = tarfile.TarInfo(name)
    info.type = type
    info.linkname = target
    info.mode = 0o755
    return info


def zip_of(*members):
    """A zip of (name, content[, system[, mode]]) files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content, *more in members:
            info = zipfile.ZipInfo("x", (1980, 1, 1, 0, 0, 0))
            info.filename = name
            info.create_system = more[0] if more else 3
            mode = more[1] if len(more) > 1 else stat.S_IFREG | 0o644
            info.external_attr = mode << 16 if info.create_system == 3 else 0
            archive.writestr(info, content)
    return buffer.getvalue()


def sparse(name, size):
    """A tar of one file that claims a size, all of it a hole (GNU's sparse format 1.0)."""
    info = tarfile.TarInfo(name)
    content = b"1\n%d\n0\n" % size
    content += b"\0" * (512 - len(content))
    info.size = len(content)
    info.pax_headers = {
        "GNU.sparse.major": "1",
        "GNU.sparse.minor": "0",
        "GNU.sparse.name": name,
        "GNU.sparse.realsize": str(size),
    }
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        archive.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


A = ("set/train/a.txt", b"first")
B = ("set/val/b.txt", b"second")
EVIL = b"evil"

good = {
    "plain.tar.gz": tar(A, B),
    "ustar.tar.gz": tar(A, B, format=tarfile.USTAR_FORMAT),
    "gnu.tar.gz": tar(A, B, format=tarfile.GNU_FORMAT),
    "bzip2.tar.bz2": tar(A, B),
    "xz.tar.xz": tar(A, B),
    "plain.zip": zip_of(A, B),
    "dots.tar.gz": tar(special("./", tarfile.DIRTYPE), ("./train/a.txt", b"first"), ("./val//b.txt", b"second")),
    "windows.zip": zip_of(("set\\train\\a.txt", b"first", 0), ("set\\val\\b.txt", b"second", 0)),
    "macos.zip": zip_of(A, B, ("__MACOSX/set/._a.txt", b"x"), (".DS_Store", b"x")),
}

names = {
    "names-pax.tar.gz": tar(("set/train/größe 1.txt", b"first")),
    "names-ustar.tar.gz": tar(("set/train/größe 1.txt", b"first"), format=tarfile.GNU_FORMAT),
    "names.zip": zip_of(("set/train/größe 1.txt", b"first")),
}

bad = {
    "absolute.tar.gz": tar(A, ("/tmp/p2p-evil.txt", EVIL)),
    "parent.tar.gz": tar(A, ("set/../../evil.txt", EVIL)),
    "parent-first.tar.gz": tar(("../evil.txt", EVIL)),
    "parent-folder.tar.gz": tar(A, special("../evil", tarfile.DIRTYPE)),
    "symlink.tar.gz": tar(A, special("set/link", tarfile.SYMTYPE, "/etc")),
    "through-symlink.tar.gz": tar(
        special("set/link", tarfile.SYMTYPE, "../.."), ("set/link/evil.txt", EVIL)
    ),
    "replaced-folder.tar.gz": tar(
        A,
        special("set/train", tarfile.DIRTYPE),
        special("set/train", tarfile.SYMTYPE, "../.."),
        ("set/train/evil.txt", EVIL),
    ),
    "hardlink.tar.gz": tar(A, special("set/link", tarfile.LNKTYPE, "/etc/passwd")),
    "hardlink-inside.tar.gz": tar(A, special("set/link", tarfile.LNKTYPE, "set/train/a.txt")),
    "fifo.tar.gz": tar(A, special("set/pipe", tarfile.FIFOTYPE)),
    "device.tar.gz": tar(A, special("set/null", tarfile.CHRTYPE)),
    "twice.tar.gz": tar(A, A),
    "file-as-folder.tar.gz": tar(A, ("set/train/a.txt/b.txt", EVIL)),
    "folder-as-file.tar.gz": tar(A, ("set/train", EVIL)),
    "backslash.tar.gz": tar(A, ("set\\..\\..\\evil.txt", EVIL)),
    "huge-hole.tar.gz": sparse("set/train/a.txt", 1 << 41),
    "nothing.tar.gz": tar(),
    "absolute.zip": zip_of(A, ("/tmp/p2p-evil.txt", EVIL)),
    "parent.zip": zip_of(A, ("../evil.txt", EVIL)),
    "backslash-unix.zip": zip_of(A, ("set\\..\\..\\evil.txt", EVIL, 3)),
    "backslash-windows.zip": zip_of(A, ("set\\..\\..\\evil.txt", EVIL, 0)),
    "symlink.zip": zip_of(A, ("set/link", b"/etc", 3, stat.S_IFLNK | 0o777)),
}

# A name with a NUL: readers see what stands before it, and nothing may lie outside.
odd = {"nul.zip": zip_of(("set/a.txt\0/../../../evil.txt", b"first"))}

pack = {".gz": lambda data: gzip.compress(data, mtime=0), ".bz2": bz2.compress, ".xz": lzma.compress}
for folder, files in {"good": good, "names": names, "bad": bad, "odd": odd}.items():
    (OUT / folder).mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        data = pack.get(pathlib.Path(name).suffix, lambda data: data)(data)
        (OUT / folder / name).write_bytes(data)
