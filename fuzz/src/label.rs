//! Any text that is shown. Bytes: the text.

use lifeboat::entry::Label;
use lifeboat::entry::label::{LONGEST_SHOWN, shown, shown_lines};

use super::shared::assert_safe;

/// Most bytes of a grapheme that is shown: its base, four marks and the escapes of what is over.
const LONGEST_GRAPHEME: usize = 256;

pub fn run(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let label = shown(&text);
    assert_safe(&label);
    assert!(label.len() <= (LONGEST_SHOWN + 1) * LONGEST_GRAPHEME, "{} bytes are shown", label.len());
    assert_eq!(label, shown(&text), "the same text is shown in the same way");
    for line in shown_lines(&text) {
        assert_safe(&line);
    }
    assert_eq!(Label::new(&*text).raw(), text, "what came in goes out");
    assert_safe(&format!("{:?}", Label::new(&*text)));
}
