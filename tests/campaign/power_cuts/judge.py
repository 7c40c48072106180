"""What must hold after a power cut, whatever the disk kept."""
import hashlib, json, os

from .workload import OTHER, VAULT, read, state_of, uri

NEXT = uri("totp", "After", 999)


class Lost(Exception):
    """A promise was broken; says which."""


def allowed(versions, cut):
    """What a file may hold: what was last acknowledged, or the one version that was on its way."""
    n_promised = sum(version.at <= cut for version in versions)
    return versions[max(n_promised - 1, 0):n_promised + 1], n_promised > 0


def check_files(mnt, promises, cut):
    """Every file whole, and no older than acknowledged; returns the version of each one that is there."""
    found = {}
    for name, versions in promises.files.items():
        content = read(mnt + "/" + name)
        possible, must_be_there = allowed(versions, cut)
        if content is None:
            if must_be_there:
                raise Lost("%s was acknowledged and is not there" % name)
            continue
        fitting = [version for version in possible if version.content == content]
        if not fitting:
            older = any(version.content == content for version in versions)
            raise Lost("%s is %s" % (name, "not of the acknowledged version" if older else
                                     "neither the old nor the new file (%d bytes)" % len(content)))
        found[name] = fitting[0]
    return found


def chain_of(log):
    """Follows the chain of a log through its sealed lines; count and head, as lifeboat-vault(5) says."""
    head, count, heads = None, 0, {}
    for line in log.split(b"\n")[:-1]:
        words = line.split(b" ")
        if len(words) != 4 or words[0] != b"L1":
            continue
        if head is None:
            head = words[2]
        # A line that was cut and closed off is followed by one that goes on from the line before it.
        if words[2] != head or int(words[1]) != count + 1:
            continue
        head = hashlib.sha256(b"lifeboat/1/log/record\0" + bytes.fromhex(head.decode()) + line).hexdigest().encode()
        count += 1
        heads[count] = head.decode()
    return count, heads


def check_log(mnt, vault, promises, version, cut):
    """Everything acknowledged stands in the log, nothing foreign does, and the vault's own anchor is in it."""
    log, versions = read(mnt + "/" + vault + ".log") or b"", promises.logs[vault]
    promised = [content for at, content in versions if at <= cut]
    if promised and not log.startswith(promised[-1]):
        raise Lost("the log of %s lost a record that was acknowledged" % vault)
    whole = log[:log.rfind(b"\n") + 1]
    if not versions[-1][1].startswith(whole):
        raise Lost("the log of %s holds a line that nobody wrote" % vault)
    if version is not None:
        count, head = version.anchor
        if chain_of(whole)[1].get(count) != head:
            raise Lost("%s rests on record %d of its log, and that is not there" % (vault, count))
    return log


def check_previous(mnt, promises):
    """A previous generation is a whole one."""
    for vault in (VAULT, OTHER):
        folder, name = os.path.split(mnt + "/" + vault)
        for other in os.listdir(folder) if os.path.isdir(folder) else []:
            if other.startswith(name + ".previous."):
                content = read(folder + "/" + other)
                if all(version.content != content for version in promises.files[vault]):
                    raise Lost("%s is no generation of %s" % (other, vault))


def check_state(mnt, promises, cut):
    try:
        found = state_of(mnt)
    except (ValueError, KeyError) as error:
        raise Lost("the note of the newest generation seen cannot be read: %s" % error) from error
    for name, versions in promises.states.items():
        promised = [generation for at, generation in versions if at <= cut]
        if promised and found.get(name, 0) < promised[-1]:
            raise Lost("this machine forgot the newest generation it had seen")


def check_use(program, mnt, vault, version, log):
    """The program opens the vault, lists what it held, and takes the next entry."""
    status, out, error = program.run(mnt, vault, version.key, ["list", "--json"])
    if status != 0 or out != version.listing:
        raise Lost("%s does not open as it was: status %d %s" % (vault, status, error))
    if error:
        raise Lost("%s opens with a warning: %s" % (vault, error))
    # Without --yes an older copy would be refused, so its absence is part of the test.
    status, out, error = program.run(mnt, vault, version.key, ["add", "-"], NEXT)
    if status != 0:
        raise Lost("%s takes no new entry: status %d %s" % (vault, status, error))
    status, out, error = program.run(mnt, vault, version.key, ["list", "--json"])
    before, after = (json.loads(text)["entries"] for text in (version.listing, out or b'{"entries":[]}'))
    if status != 0 or [entry for entry in after if entry["issuer"] != "After"] != before or len(after) != len(before) + 1:
        raise Lost("%s lost something with the next entry: status %d %s" % (vault, status, error))
    folder, name = os.path.split(mnt + "/" + vault)
    left = [other for other in os.listdir(folder) if other.startswith("." + name + ".tmp.")]
    if left:
        raise Lost("the next change leaves behind %s" % left)
    now = read(mnt + "/" + vault + ".log")
    if not now.startswith(log) or chain_of(now)[0] <= chain_of(log)[0]:
        raise Lost("the log of %s does not go on after the next entry" % vault)


def check(program, mnt, promises, cut):
    """Raises `Lost`, or tells whether something newer than the acknowledged was there."""
    found = check_files(mnt, promises, cut)
    check_previous(mnt, promises)
    check_state(mnt, promises, cut)
    logs = {vault: check_log(mnt, vault, promises, found.get(vault), cut) for vault in (VAULT, OTHER)
            if promises.logs[vault]}
    for vault in (VAULT, OTHER):
        if vault in found:
            if found[vault].key not in found:
                raise Lost("%s is there, and the key file that opens it is not" % vault)
            check_use(program, mnt, vault, found[vault], logs[vault])
    if VAULT not in found:
        status, _, error = program.run(mnt, VAULT, None, ["init", "--new-key-file", mnt + "/key-again"])
        if status != 0:
            raise Lost("no vault can be made: status %d %s" % (status, error))
    return any(version.at > cut for version in found.values())
