"""Ends `lifeboat` at its hidden prompt by each signal that ends a program: the terminal shows again what is typed."""
import os, pty, signal, sys, termios, time

LIFEBOAT, WORK = sys.argv[1:]
SIGNALS = [signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT]


def wait_until(what, condition):
    end = time.monotonic() + 10
    while not condition():
        if time.monotonic() > end:
            sys.exit("FAILED: waited for " + what)
        time.sleep(0.01)


def modes(terminal):
    return termios.tcgetattr(terminal)[3] & (termios.ECHO | termios.ICANON | termios.ISIG)


def main():
    environment = {"HOME": WORK + "/home", "PATH": "/usr/bin:/bin", "TERM": "xterm"}
    for number in SIGNALS:
        pid, terminal = pty.fork()
        if pid == 0:
            os.execve(LIFEBOAT, [LIFEBOAT, "--vault", WORK + "/prompted", "init"], environment)
        before = modes(terminal)
        if not before & termios.ECHO:
            sys.exit("FAILED: the terminal hides what is typed from the start")
        wait_until("the hidden prompt", lambda: not modes(terminal) & termios.ECHO)
        os.write(terminal, b"half a passphr")
        os.kill(pid, number)
        ended = []
        wait_until("the end", lambda: ended.extend(os.waitpid(pid, os.WNOHANG)[0:2]) or ended[-2] == pid)
        if modes(terminal) != before:
            sys.exit("FAILED: %s left the terminal changed" % number.name)
        if os.WTERMSIG(ended[-1]) != number:
            sys.exit("FAILED: %s ended the program with status %#x" % (number.name, ended[-1]))
        os.close(terminal)
        if os.path.exists(WORK + "/prompted"):
            sys.exit("FAILED: a vault was made")
    print("ended at a hidden prompt by %d signals; the terminal is as before" % len(SIGNALS))


main()
