#!/usr/bin/env python3
"""What a program sees under `mailinit --`, where mailinit is not PID 1.

Each function is a case of test/07-command-mode.bats, which runs it with
mailinit in PATH and the directory of the programs of test/pid1 as argument.
What is waited for is an event; LIMIT only tells a hang from a slow machine.
"""
import fcntl
import os
import pty
import resource
import select
import signal
import subprocess
import sys
import tempfile
import time

LIMIT = 60
INIT = ["mailinit", "--"]
JOB_CONTROL = (signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU)
# A program that says which signals it gets, one a line, and only KILL ends.
# Its parent may be asked to hold signals back until it has said that it is up.
LISTENER = """
import os, signal, sys
known = set(range(1, signal.SIGRTMAX + 1)) - {32, 33, signal.SIGKILL, signal.SIGSTOP, signal.SIGCHLD}
signal.pthread_sigmask(signal.SIG_BLOCK, known)
os.write(1, b"up %d\\n" % os.getpid())
while True:
    os.write(1, b"%d\\n" % signal.sigwaitinfo(known).si_signo)
"""


def until(what, condition):
    end = time.monotonic() + LIMIT
    while not condition():
        assert time.monotonic() < end, "waited in vain: " + what
        time.sleep(0.02)


def run(*command, **options):
    return subprocess.run(INIT + list(command), capture_output=True, text=True, timeout=LIMIT,
                          **options)


def wait(process):
    return process.wait(LIMIT)


def status_of(pid):
    """/proc/PID/status as a dictionary; empty when the process is gone."""
    try:
        with open("/proc/%s/status" % pid) as lines:
            return dict(line.rstrip("\n").split(":\t", 1) for line in lines if ":\t" in line)
    except (FileNotFoundError, ProcessLookupError):
        return {}


def state_of(pid):
    return status_of(pid).get("State", "gone")[0]


def lives(pid):
    return state_of(pid) not in "ZXg"


def descendants(pid):
    """Everybody below PID, zombies too."""
    children = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            parent = status_of(name).get("PPid")
            if parent is not None:
                children.setdefault(int(parent), []).append(int(name))
    found, look = [], [pid]
    while look:
        more = children.get(look.pop(), [])
        found += more
        look += more
    return found


class Listener:
    """LISTENER under mailinit."""

    def __init__(self, *before, **options):
        self.init = subprocess.Popen(INIT + list(before) + [sys.executable, "-c", LISTENER],
                                     stdout=subprocess.PIPE, **options)
        self.pid = int(self.line().split()[1])

    def line(self):
        assert select.select([self.init.stdout], [], [], LIMIT)[0], "no line came"
        line = b""
        while not line.endswith(b"\n"):
            byte = os.read(self.init.stdout.fileno(), 1)
            assert byte, "it ended"
            line += byte
        return line.decode().strip()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.kill(self.pid, signal.SIGKILL)
        assert wait(self.init) == 128 + signal.SIGKILL


# ---------------------------------------------------------------- exit codes


def every_exit_code_is_passed_on():
    for code in range(256):
        assert run("sh", "-c", "exit %d" % code).returncode == code


def death_by_a_signal_is_128_and_its_number():
    for number in (1, 2, 3, 6, 9, 10, 11, 12, 13, 14, 15, 31, 35, 64):
        # sh and not Python, which ignores PIPE by itself.
        done = run("sh", "-c", "kill -%d $$" % number, preexec_fn=no_core)
        assert done.returncode == 128 + number, (number, done)


def no_core():
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def what_cannot_be_executed_is_126_or_127_and_is_named():
    with tempfile.TemporaryDirectory() as place:
        plain, broken = place + "/plain", place + "/broken"
        for path, text, mode in ((plain, "text", 0o644), (broken, "#!/no/such/shell\n", 0o755)):
            with open(path, "w") as out:
                out.write(text)
            os.chmod(path, mode)
        for program, code, why in (
            ("/no/such/program", 127, "No such file or directory"),
            ("no-such-program", 127, "No such file or directory"),
            ("", 127, "No such file or directory"),
            (plain + "/below", 127, "Not a directory"),
            (broken, 127, "No such file or directory"),
            (plain, 126, "Permission denied"),
            (place, 126, "Permission denied"),
        ):
            done = run(program)
            assert (done.returncode, done.stdout) == (code, ""), (program, done)
            assert done.stderr == "mailinit: unable to execute %s: %s\n" % (program, why), done
        # One of that name that may not be executed is told as such, unless PATH has another.
        for path, code in ((place + ":/no/such", 126), (place + ":" + place + "/later", 0)):
            os.makedirs(place + "/later", exist_ok=True)
            if not os.path.exists(place + "/later/plain"):
                os.symlink("/bin/true", place + "/later/plain")
            done = subprocess.run([find("mailinit"), "--", "plain"], capture_output=True,
                                  env=dict(os.environ, PATH=path))
            assert done.returncode == code, (path, done)


def wrong_use_is_2_with_what_to_write():
    for arguments, hint in (
        (["--"], "usage: mailinit -- PROGRAM"),
        (["-g", "--", "true"], "whole group"),
        (["-s", "true"], "always reaped"),
        (["-w", "true"], "usage: mailinit -- PROGRAM"),
        (["-vvv", "true"], "usage: mailinit -- PROGRAM"),
        (["-e", "143", "true"], "exit code is passed on"),
        (["-p", "SIGTERM", "true"], "setpriv --pdeathsig"),
        (["-c", "true"], "setsid"),
        (["--single-child", "true"], "setsid"),
        (["-r", "15:3", "true"], "trap"),
        (["--rewrite=15:3", "true"], "trap"),
        (["--verbose", "true"], "usage: mailinit -- PROGRAM"),
        (["-V"], "--version"),
        (["-l"], "license"),
        (["-z", "true"], 'unknown argument "-z"'),
        (["--yolo", "true"], 'unknown flag "--yolo"'),
    ):
        done = subprocess.run(["mailinit"] + arguments, capture_output=True, text=True)
        assert done.returncode == 2 and hint in done.stderr and done.stdout == "", done
    for flag in ("-h", "--help", "--version"):
        done = subprocess.run(["mailinit", flag], capture_output=True, text=True)
        assert done.returncode == 0 and "mailinit" in done.stdout and done.stderr == "", done


# ---------------------------------------------------------------- what the program is given


def arguments_environment_and_input_pass_unchanged():
    words = ["a b", "", "$x", "*", "--", "-g", "\n", "\udcff"]
    done = run(sys.executable, "-c", "import sys; print(ascii(sys.argv[1:]), input())", *words,
               input="hello\n")
    assert done.stdout == ascii(words) + " hello\n", done
    wanted = {"PATH": os.environ["PATH"], "EMPTY": "", "TINI_SUBREAPER": "1", "X": "1\n2"}
    wanted.update({k: v for k, v in os.environ.items() if k.startswith("ASAN")})
    done = run(sys.executable, "-c",
               "print(ascii(sorted(open('/proc/self/environ').read().split('\\0'))))", env=wanted)
    assert done.stdout == ascii(sorted([k + "=" + v for k, v in wanted.items()] + [""])) + "\n"
    old = os.umask(0o027)
    done = run("sh", "-c", "umask")
    os.umask(old)
    assert done.stdout == "0027\n", done


def the_directory_stays_its_own_and_is_not_held():
    # mailinit leaves it after the program has begun: the program may be the faster one.
    done = run("sh", "-c", """
        for i in $(seq 500); do
            [ "$(readlink /proc/$PPID/cwd)" != / ] || break
            sleep 0.01
        done
        readlink /proc/$PPID/cwd /proc/$$/cwd""", cwd="/usr/lib")
    assert done.stdout == "/\n/usr/lib\n", done


def files_pass_and_none_is_added_or_held():
    reader, writer = os.pipe()
    script = "import os; print(*sorted(int(n) for n in os.listdir('/proc/%s/fd')))"
    # The last one is the directory that is being listed.
    done = run(sys.executable, "-c", script % "self", pass_fds=[writer])
    last = 3 if writer != 3 else 4
    assert done.stdout.split() == [str(n) for n in sorted({0, 1, 2, writer, last})], done
    # Closed by the program, the pipe ends, though mailinit is still there.
    init = subprocess.Popen(INIT + [sys.executable, "-c", "import os, signal\nos.close(%d)\n"
                                    "signal.pause()" % writer], pass_fds=[writer])
    os.close(writer)
    assert select.select([reader], [], [], LIMIT)[0] and os.read(reader, 1) == b""
    assert sorted(os.listdir("/proc/%d/fd" % init.pid)) == ["0", "1", "2"]
    init.terminate()
    assert wait(init) == 143


def mask_and_dispositions_are_the_usual_ones():
    def spoil():
        for number in (signal.SIGTTOU, signal.SIGSEGV, signal.SIGINT, signal.SIGPIPE, signal.SIGHUP,
                       signal.SIGCHLD):
            signal.signal(number, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTTIN, signal.SIGILL, signal.SIGTERM,
                                                  signal.SIGCHLD})

    # cat and not Python, which ignores PIPE by itself.
    done = subprocess.run(INIT + ["cat", "/proc/self/status"], capture_output=True, text=True,
                          preexec_fn=spoil, restore_signals=False)
    lines = done.stdout.split("\n")
    for name in ("SigPnd", "SigBlk", "SigIgn", "SigCgt"):
        assert name + ":\t0000000000000000" in lines, done


def it_leads_a_session_and_a_group():
    done = run("sh", "-c", "ps -o sid=,pgid= -p $$; echo $$")
    assert len(set(done.stdout.split())) == 1, done


def a_text_without_an_interpreter_is_a_shell_script():
    with tempfile.TemporaryDirectory() as place:
        with open(place + "/script", "w") as out:
            out.write('echo "$0" "$@"\n')
        os.chmod(place + "/script", 0o755)
        for name in (place + "/script", "script"):
            done = run(name, "a b", "c", env=dict(os.environ, PATH=place + ":" + os.environ["PATH"]))
            assert done.stdout == place + "/script a b c\n" and done.returncode == 0, done


# ---------------------------------------------------------------- signals


def passed_on():
    return [n for n in list(range(1, 32)) + list(range(signal.SIGRTMIN + 1, signal.SIGRTMAX + 1))
            if n not in JOB_CONTROL + (signal.SIGKILL, signal.SIGSTOP, signal.SIGCHLD)]


def every_signal_arrives_once():
    with Listener() as program:
        for number in passed_on():
            program.init.send_signal(number)
            assert program.line() == str(number)


def a_signal_reaches_the_whole_group():
    # The shell ignores it, what it started does not.
    init = subprocess.Popen(INIT + ["sh", "-c", "trap '' USR1; " + sys.executable + " -c '"
                                    "import signal; signal.signal(10, signal.SIG_DFL); print(1, flush=True); "
                                    "signal.pause()'; exit 5"], stdout=subprocess.PIPE)
    assert init.stdout.readline() == b"1\n"
    init.send_signal(signal.SIGUSR1)
    assert wait(init) == 5


def a_pipeline_is_ended_by_term():
    init = subprocess.Popen(INIT + ["sh", "-c", "yes out | tail & yes error | tail >&2"])
    until("all run", lambda: len([p for p in descendants(init.pid) if lives(p)]) == 5)
    family = descendants(init.pid)
    init.terminate()
    assert wait(init) == 143
    until("all are gone", lambda: not any(map(lives, family)))


def who_is_left_at_the_end_is_told_by_term():
    reader, writer = os.pipe()
    held, release = os.pipe()
    init = subprocess.Popen(
        INIT + ["sh", "-c", "\"$1\" -c \"$2\" & read line; exit 6", "sh", sys.executable, LISTENER],
        stdin=held, stdout=writer)
    os.close(writer)
    with os.fdopen(reader, "rb", buffering=0) as lines:
        pid = int(lines.readline().split()[1])
        os.write(release, b"go\n")
        assert wait(init) == 6
        assert lines.readline() == b"15\n"
        assert lives(pid) # told, not killed: an end in order is for `run`
        os.kill(pid, signal.SIGKILL)


def job_control_stops_both_and_cont_wakes_both():
    with Listener() as program:
        for number in JOB_CONTROL:
            program.init.send_signal(number)
            until("both are stopped", lambda: state_of(program.pid) + state_of(program.init.pid) == "TT")
            program.init.send_signal(signal.SIGCONT)
            assert program.line() == str(int(signal.SIGCONT))
            until("both go on", lambda: "T" not in state_of(program.pid) + state_of(program.init.pid))


def a_signal_that_came_before_the_program_counts(programs):
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1, signal.SIGRTMAX):
        # No program can have set a trap yet: they end it.
        code = subprocess.run([programs + "/hostile", "early", str(int(number)), "--",
                               find("mailinit"), "--", "sleep", "1000"], timeout=LIMIT).returncode
        assert code == 128 + number, (number, code)


def find(name):
    for directory in os.environ["PATH"].split(":"):
        if os.access(directory + "/" + name, os.X_OK):
            return directory + "/" + name
    raise FileNotFoundError(name)


def signals_that_queue_are_all_passed_on(programs):
    number, times = signal.SIGRTMIN + 6, 10000
    init = subprocess.Popen(INIT + [programs + "/hostile", "count", str(times)],
                            stdout=subprocess.PIPE, text=True)
    assert init.stdout.readline() == "counting\n"
    # The plain one coalesces, by POSIX: at least one arrives, and never more than were sent.
    for one in (signal.SIGUSR1, number):
        subprocess.run([programs + "/hostile", "send", str(init.pid), str(int(one)), str(times)],
                       check=True, timeout=LIMIT)
    assert init.stdout.readline() == "signal %d came %d times\n" % (number, times)
    init.terminate()
    counts = init.stdout.read().split("\n")
    assert "signal %d: %d in all" % (number, times) in counts, counts
    plain = [line for line in counts if line.startswith("signal 10: ")]
    assert len(plain) == 1 and 0 < int(plain[0].split()[2]) <= times, counts
    assert wait(init) == 0


def ten_thousand_one_after_the_other(programs):
    with tempfile.TemporaryDirectory() as place:
        os.mkfifo(place + "/fifo")
        init = subprocess.Popen(INIT + [programs + "/hostile", "pong", place + "/fifo"])
        done = subprocess.run([programs + "/hostile", "ping", str(init.pid), place + "/fifo", "10000"],
                              capture_output=True, text=True, timeout=LIMIT)
        assert done.stdout == "10000 answers\n", done
        init.terminate()
        assert wait(init) == 143


def the_death_of_the_parent_can_be_heard_of():
    with tempfile.TemporaryDirectory() as place:
        fifo = place + "/fifo"
        os.mkfifo(fifo)
        # setpriv arms the signal for mailinit, which passes it on; sh is the parent that dies.
        parent = subprocess.Popen(["sh", "-c", "setpriv --pdeathsig USR1 mailinit -- \"$1\" -c \"$2\" "
                                   ">\"$3\"; :", "sh", sys.executable, LISTENER, fifo])
        with open(fifo, "rb", buffering=0) as lines:
            pid = int(lines.readline().split()[1])
            parent.kill()
            assert lines.readline() == b"10\n"
            os.kill(pid, signal.SIGKILL)


# ---------------------------------------------------------------- orphans


def orphans_become_ours_and_are_reaped():
    script = """
import os, subprocess, sys, time
init = os.getppid()
# sh is gone at once; the hundred are orphans then, and end one after the other.
subprocess.run(["sh", "-c", "for i in $(seq 100); do sleep 0.$((i % 10)) & done"], check=True)
seen = 0
end = time.monotonic() + 60
while True:
    children = open("/proc/%d/task/%d/children" % (init, init)).read().split()
    strangers = [p for p in children if int(p) != os.getpid()]
    seen = max(seen, len(strangers))
    for p in strangers:
        try:
            assert os.getpgid(int(p)) == os.getpgid(0), p
        except ProcessLookupError:
            pass
    if not strangers:
        break
    assert time.monotonic() < end
    time.sleep(0.01)
print("seen" if seen > 0 else "never seen")
"""
    done = run(sys.executable, "-c", script)
    assert (done.returncode, done.stdout, done.stderr) == (0, "seen\n", ""), done


# ---------------------------------------------------------------- terminals


class Terminal:
    """A terminal of its own, whose session mailinit leads."""

    def __init__(self, *command):
        self.seen = b""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execvp(command[0], command)

    def type(self, text):
        os.write(self.fd, text)

    def expect(self, wanted):
        """Waits for these bytes, and returns what came before them."""
        while wanted not in self.seen:
            assert self.more(), "no %r: %r" % (wanted, self.seen)
        before, _, self.seen = self.seen.partition(wanted)
        return before

    def more(self):
        assert select.select([self.fd], [], [], LIMIT)[0], "nothing came: %r" % self.seen
        try:
            text = os.read(self.fd, 4096)
        except OSError: # EIO: nobody has it open any more
            return False
        self.seen += text
        return text != b""

    def end(self):
        """The exit code, when nobody has the terminal any more."""
        while self.more():
            pass
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


def a_terminal_is_read_and_written():
    terminal = Terminal(*INIT, "sh", "-c", "stty -echo; echo ready; tac")
    terminal.expect(b"ready")
    terminal.type(b"1\n2\n3\n\x04")
    terminal.expect(b"3\r\n2\r\n1\r\n")
    assert terminal.end() == 0


def a_shell_has_job_control():
    terminal = Terminal(*INIT, "env", "PS1=prompt>", "bash", "--norc", "--noprofile", "-i")
    assert b"no job control" not in terminal.expect(b"prompt>")
    terminal.type(b"echo \"flags $((3*7)) [$-]\"\n")
    terminal.expect(b"flags 21 [")
    assert b"m" in terminal.expect(b"]")
    terminal.type(b"sh -c 'echo $((20+2)) up; exec sleep 1000'\n")
    terminal.expect(b"22 up")
    terminal.type(b"\x1a")
    terminal.expect(b"Stopped")
    # With a stopped job the first exit is only a warning.
    terminal.type(b"exit 0\nexit 0\n")
    assert terminal.end() == 0


def the_interrupt_of_a_terminal_reaches_the_program():
    terminal = Terminal(*INIT, "sh", "-c", "echo up; while :; do sleep 0.1; done")
    terminal.expect(b"up")
    terminal.type(b"\x03")
    assert terminal.end() == 128 + signal.SIGINT


def giving_the_terminal_away_signals_nobody():
    terminal = Terminal(*INIT, sys.executable, "-c", LISTENER)
    terminal.expect(b"up ")
    # What the kernel sent when the terminal was given up would come before this one.
    os.kill(terminal.pid, signal.SIGUSR2)
    terminal.expect(b"\n")
    while terminal.seen.count(b"\n") < 1:
        terminal.more()
    assert terminal.seen == b"12\r\n", terminal.seen
    terminal.seen = b""
    # And those that come later are passed on.
    for number in (signal.SIGCONT, signal.SIGHUP):
        os.kill(terminal.pid, number)
        terminal.expect(b"%d\r\n" % number)
    os.kill(terminal.pid, signal.SIGABRT)
    terminal.expect(b"6\r\n")
    for pid in descendants(terminal.pid):
        os.kill(pid, signal.SIGKILL)
    assert terminal.end() == 137


def a_hangup_reaches_the_program():
    reader, writer = os.pipe()
    os.set_inheritable(writer, True)
    terminal = Terminal(*INIT, sys.executable, "-c", "import os; os.dup2(%d, 1)\n" % writer + LISTENER)
    os.close(writer)
    with os.fdopen(reader, "rb", buffering=0) as lines:
        pid = int(lines.readline().split()[1])
        os.close(terminal.fd)
        assert lines.readline() == b"1\n"
        os.kill(pid, signal.SIGKILL)
    assert os.waitstatus_to_exitcode(os.waitpid(terminal.pid, 0)[1]) == 137


if __name__ == "__main__":
    case = globals()[sys.argv[1]]
    case(*sys.argv[2:2 + case.__code__.co_argcount])
