"""Looks at a report's page in a browser, as wide as a desk and as a telephone, and prints it.

    python3 evidence.py REPORT WORK        REPORT holds evidence.html and evidence.json; pictures stay in WORK/evidence

Nothing may be wider than the screen, nothing may be fetched, and every name has to be on paper.
"""
import html, json, os, re, shutil, subprocess, sys, tempfile

REPORT, WORK = sys.argv[1:]
PLACE = os.path.abspath(os.path.join(WORK, "evidence"))
WIDTHS = {"desk": 1280, "telephone": 375}
A4 = (594.96, 841.92)
# A page of ours around the report's, which no script runs in: this one measures it.
FRAME = """<!doctype html><body style="margin:0"><iframe srcdoc="%s" style="border:0;width:%dpx;height:900px"></iframe>
<p id="told"></p><script>onload = () => { const page = document.querySelector("iframe").contentDocument;
const widest = Math.max(...[...page.querySelectorAll("*")].map(one => one.getBoundingClientRect().right));
document.getElementById("told").textContent = "widest " + Math.ceil(widest) + " of " + page.querySelectorAll("tr").length; }
</script></body>"""


def fail(words):
    sys.exit("FAILED: " + words)


def browser(*words):
    """The browser's output, with a profile of its own."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if shutil.which(name):
            break
    profile = tempfile.mkdtemp(dir=PLACE)
    done = subprocess.run([name, "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir=" + profile, *words],
                          env={"HOME": profile, "PATH": os.environ["PATH"]}, stdin=subprocess.DEVNULL, capture_output=True)
    shutil.rmtree(profile, ignore_errors=True)
    if done.returncode != 0:
        fail("the browser gives %d: %s" % (done.returncode, done.stderr.decode("utf-8", "replace")))
    return done.stdout.decode("utf-8", "replace")


def main():
    os.makedirs(PLACE, exist_ok=True)
    page = os.path.join(REPORT, "evidence.html")
    with open(page) as file:
        text = file.read()
    with open(os.path.join(REPORT, "evidence.json")) as file:
        report = json.load(file)
    rows = text.count("<tr>")
    # A browser that is wider than the screen it speaks of would not use the rules for a telephone: hence a frame.
    for name, width in WIDTHS.items():
        frame = os.path.join(PLACE, name + ".html")
        with open(frame, "w") as file:
            file.write(FRAME % (html.escape(text), width))
        told = re.search(r"widest (\d+) of (\d+)", browser("--dump-dom", "--window-size=1400,1000", "file://" + frame))
        if not told or int(told[2]) != rows:
            fail("the page was not measured")
        if int(told[1]) > width:
            fail("on a %s of %d something reaches to %s" % (name, width, told[1]))
    pdf = os.path.join(PLACE, "evidence.pdf")
    browser("--no-pdf-header-footer", "--print-to-pdf=" + pdf, "file://" + os.path.abspath(page))
    told = subprocess.run(["pdfinfo", pdf], capture_output=True, text=True, check=True).stdout
    found = [float(part) for part in re.search(r"^Page size:(.*)$", told, re.M)[1].split() if part.replace(".", "", 1).isdigit()]
    if abs(found[0] - A4[0]) > 1 or abs(found[1] - A4[1]) > 1:
        fail("the pages are %s" % found)
    paper = "".join(subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, text=True, check=True).stdout.split())
    wanted = [report["log"]["head"], report["vault"]["key"], report["vault"]["id"], "phishing-resistant"]
    wanted += [bundle["label"] for bundle in report["bundles"]]
    wanted += [incident["id"] for incident in report["incidents"]]
    wanted += [exception["owner"] for exception in report["exceptions_with_end"]]
    wanted += [issued["to"] for issued in report["passes"]]
    missing = [words for words in wanted if "".join(words.split()) not in paper]
    if missing:
        fail("not on paper: %s" % missing)
    print("%d rows, %d pages on paper, nothing wider than %s" % (rows, int(re.search(r"^Pages:\s+(\d+)", told, re.M)[1]),
                                                               " or ".join(map(str, WIDTHS.values()))))


main()
