"""Compiles small plugins in C, well-made and wrong ones, against the public header."""
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

from .server import CHECKOUT

_HEADER = CHECKOUT / "Sources" / "CKinodockPlugin" / "include"
_FIXTURES = CHECKOUT / "Tests" / "Fixtures"

# A plugin that loads and does nothing. Macros change one thing at a time.
_SOURCE = """
#include "kinodock_plugin.h"
#ifndef MAGIC
#define MAGIC KINODOCK_PLUGIN_MAGIC
#endif
#ifndef SIZE
#define SIZE sizeof(kinodock_plugin)
#endif
#ifndef MIN_HOST
#define MIN_HOST 0
#endif
#ifndef ENTRY
#define ENTRY kinodock_plugin_v1
#endif
#ifndef ID
#define ID "test-plugin"
#endif
#ifndef KIND
#define KIND "notifier"
#endif
#ifndef VERSION
#define VERSION "1.0.0"
#endif
#ifdef AT_LOAD
#include <stdlib.h>
#include <unistd.h>
__attribute__((constructor)) static void at_load(void) { AT_LOAD; }
#endif
#ifndef ANSWER
#define ANSWER "{}"
#endif
#ifndef MANIFEST
#define MANIFEST "{\\"id\\":\\"" ID "\\",\\"name\\":\\"Test\\",\\"version\\":\\"" VERSION "\\"," \\
    "\\"description\\":\\"For tests\\",\\"kinds\\":[\\"" KIND "\\"],\\"settings\\":{\\"version\\":1,\\"fields\\":[]}}"
#endif
static void answer(const kinodock_call *call) {
    static const char text[] = ANSWER;
    kinodock_bytes json = { (const uint8_t *)text, sizeof text - 1 }, none = { 0, 0 };
    call->reply(call->context, 0, json, none);
}
static void *make(const kinodock_host *host, const kinodock_call *call) { answer(call); return (void *)host; }
static void with_instance(void *instance, const kinodock_call *call) { (void)instance; answer(call); }
static void cancel(void *instance, uint64_t id) { (void)instance; (void)id; }
__attribute__((visibility("default"))) const kinodock_plugin *ENTRY(void) {
    static const kinodock_plugin table = {
        SIZE, MAGIC, KINODOCK_ABI_MAJOR, KINODOCK_ABI_MINOR, MIN_HOST, 0, MANIFEST,
        make, with_instance, with_instance, cancel
    };
    return &table;
}
"""


@cache
def compiler() -> str | None:
    """A C compiler: the system's, or the clang that comes with Swift."""
    if found := next(filter(None, map(shutil.which, ("cc", "gcc", "clang"))), None):
        return found
    swift = shutil.which("swift")
    beside = Path(swift).resolve().with_name("clang") if swift else None
    return str(beside) if beside and beside.exists() else None


@cache
def cpp_compiler() -> str | None:
    """A C++ compiler that can link, or None."""
    found = next(filter(None, map(shutil.which, ("c++", "g++", "clang++"))), None)
    probe = "#include <stdexcept>\nint main() { try { throw std::runtime_error(\"\"); } catch (...) {} }"
    command = [str(found), "-x", "c++", "-", "-o", "/dev/null"]
    works = found and subprocess.run(command, input=probe, text=True, capture_output=True, timeout=60).returncode == 0
    return found if works else None


def compile_plugin(target: Path, **macros: str) -> Path:
    """Writes a plugin to `target`. A macro such as MAGIC="1" makes it wrong in one way."""
    _compile(target, _SOURCE, [f"-D{name}={value}" for name, value in macros.items()])
    return target


def compile_fixture(target: Path, name: str, **macros: str) -> Path:
    """Writes the plugin that `Tests/Fixtures/Plugins/NAME` describes to `target`."""
    folder = _FIXTURES / "Plugins"
    options = [f"-I{folder}", *(f"-D{key}={value}" for key, value in macros.items())]
    _compile(target, (folder / name).read_text(), options)
    return target


def compile_fault(target: Path, fault: str) -> Path:
    """Writes the plugin fault-FAULT, which fails in that way: see faults.c."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if fault == "throws":
        source = str(_FIXTURES / "Plugins" / "throws.cpp")
        _run([str(cpp_compiler()), "-shared", "-fPIC", f"-I{_HEADER}", source], target)
        return target
    content = _faults().replace(b"FAULT=none" + b"." * 28, b"FAULT=" + fault.encode().ljust(32, b"."))
    written = target.with_name("writing-" + target.name)
    written.write_bytes(content)
    written.chmod(0o755)
    written.rename(target)
    return target


@cache
def _faults() -> bytes:
    """The library of all faults, in which the name of one is written over "none"."""
    with tempfile.TemporaryDirectory(prefix="kinodock-tests-") as folder:
        target = Path(folder) / "faults.so"
        # As most libraries are built, and so that a stack which is written over is not noticed.
        _run([str(compiler()), "-O2", "-fomit-frame-pointer", "-fno-stack-protector", "-shared", "-fPIC", "-pthread",
              f"-I{_HEADER}", str(_FIXTURES / "Plugins" / "faults.c")], target)
        return target.read_bytes()


def compile_first_version(target: Path) -> Path:
    """Writes the plugin of version 1.0 of the contract, with the header of that time."""
    folder = _FIXTURES / "SDK-1.0"
    _run([str(compiler()), "-shared", "-fPIC", "-pthread", f"-I{folder}", str(folder / "first.c")], target)
    return target


def compile_guide_example(target: Path) -> Path:
    """Writes the plugin in C that the guide for authors shows, with the guide's own text as its source."""
    guide = (CHECKOUT / "docs" / "plugin-authors.md").read_text()
    source = guide.split("```c\n", 1)[1].split("```", 1)[0]
    _compile(target, source, [])
    return target


def compile_library(target: Path) -> Path:
    """Writes a shared library that is no plugin."""
    _compile(target, "int answer(void) { return 42; }", [])
    return target


def _compile(target: Path, source: str, options: list[str]) -> None:
    _run([str(compiler()), "-shared", "-fPIC", f"-I{_HEADER}", *options, "-x", "c", "-"], target, source)


def _run(command: list[str], target: Path, source: str | None = None) -> None:
    """Runs a compiler; the library appears complete under its name."""
    target.parent.mkdir(parents=True, exist_ok=True)
    written = target.with_name("compiling-" + target.name)
    subprocess.run([*command, "-o", str(written)], input=source, text=True, check=True, timeout=60)
    written.chmod(0o755)
    written.rename(target)
