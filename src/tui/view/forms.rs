//! The screens with a field, and the first run.

use ratatui::Frame;
use ratatui::layout::Rect;

use super::parts::Page;
use crate::tui::model::{
    BundleForm, COMPACT_COLUMNS, ClockForm, Model, NewPassphrase, RestoreForm, UnlockForm, VaultProof,
};
use crate::tui::secret_field::SecretField;

pub(super) fn first_run(model: &Model, frame: &mut Frame<'_>, area: Rect) {
    let mut page = Page::new(model, area);
    page.blank();
    if area.width < COMPACT_COLUMNS {
        // All three have to be seen on the smallest screen.
        page.text("There is no vault here yet.");
        page.key("  1  ", "make a new vault");
        page.key("  2  ", "restore a bundle");
        page.key("  3  ", "import another app's file");
    } else {
        page.text("There is no vault on this machine yet. What would you like to do?");
        page.blank();
        page.key("  1  ", "make a new vault");
        page.key("  2  ", "restore a bundle, because another machine or phone is gone");
        page.key("  3  ", "import another authenticator's file, into a new vault");
        page.blank();
        page.quiet("To rehearse a restore without a vault: `lifeboat drill run BUNDLE`");
    }
    page.blank();
    page.quiet("Nothing is written until you say so. Nothing here speaks to a network.");
    page.draw(frame, area);
}

/// A hint that Caps Lock may be on.
fn caps(page: &mut Page<'_>, field: &SecretField) {
    if field.looks_like_caps_lock() {
        page.text("Every letter so far is a capital: is Caps Lock on?");
    }
}

pub(super) fn unlock(model: &Model, form: &UnlockForm, frame: &mut Frame<'_>, area: Rect) {
    let mut page = Page::new(model, area);
    page.blank();
    if model.asks_key_file() {
        page.text("This vault does not open without its key file. Where is it?");
        page.blank();
        page.field("Key file: ", &form.key_file);
        page.blank();
        page.quiet("Type or paste the path, or press Ctrl-f to choose the file.");
    } else {
        page.field("Passphrase: ", &form.field);
        caps(&mut page, &form.field);
        page.blank();
    }
    if let Some(path) = &model.key_file {
        page.text(&format!("With the key file {path}; leave the field empty if that opens it alone."));
    }
    page.wrong(form.wrong.as_deref());
    waits(&mut page, model);
    page.blank();
    page.quiet("The passphrase is forgotten? A bundle has one of its own. In the shell:");
    page.quiet("    lifeboat --vault NEW-PATH restore BUNDLE");
    page.draw(frame, area);
}

pub(super) fn passphrase(page: &mut Page<'_>, model: &Model, form: &NewPassphrase) {
    if let Some(words) = &form.offered {
        page.text("Write these words on paper now. They are not shown again, and you will type them next:");
        page.blank();
        page.styled(&format!("    {}", words.expose()), model.theme.code());
        page.focus();
        page.key("Enter ", "when they are on paper");
        return;
    }
    let again = form.first.is_some();
    page.field(if again { "Once more: " } else { "New passphrase: " }, &form.field);
    page.blank();
    if !again && form.field.is_empty() {
        page.quiet("Leave it empty and press Enter for one of eight words: easy to write down, 80 bits.");
    } else if !again {
        page.text(&form.strength);
    }
    page.wrong(form.wrong.as_deref());
}

pub(super) fn new_vault(model: &Model, form: &NewPassphrase, frame: &mut Frame<'_>, area: Rect) {
    let mut page = Page::new(model, area);
    page.blank();
    if form.import.is_some() {
        page.text("The file can be read. First a vault for what is in it:");
    }
    page.text("The passphrase opens the vault. Nobody can reset it: it is what keeps the seeds.");
    page.blank();
    passphrase(&mut page, model, form);
    page.draw(frame, area);
}

pub(super) fn restore(model: &Model, form: &RestoreForm, frame: &mut Frame<'_>, area: Rect) {
    let mut page = Page::new(model, area);
    page.blank();
    match form {
        RestoreForm::Bundle(form) => {
            page.text(match form.about {
                None => "1 of 3   Where is the bundle?",
                Some(_) => "2 of 3   The file is whole. It says of itself:",
            });
            bundle(&mut page, model, form, "         ");
        }
        RestoreForm::New { n_entries, form, .. } => {
            page.text(&format!("3 of 3   The bundle is open: {}.", entries(*n_entries)));
            page.text("         Now a passphrase for the vault on this machine.");
            page.blank();
            passphrase(&mut page, model, form);
        }
    }
    page.draw(frame, area);
}

/// The fields that name a bundle, or open it.
pub(super) fn bundle(page: &mut Page<'_>, model: &Model, form: &BundleForm, indent: &str) {
    for line in form.about.iter().flatten() {
        page.text(&format!("{indent}{line}"));
    }
    page.blank();
    if let Some(shares) = form.shares.as_ref().filter(|_| form.by_shares) {
        super::share_entry::draw(page, model, shares, form.wrong.as_deref());
        return;
    }
    page.form(&form.form);
    if form.has_other_way() {
        page.quiet("Ctrl-o opens it with its shares instead.");
    }
    if form.about.is_some()
        && form.form.field("key file").is_some()
        && let Some(path) = &model.key_file
    {
        page.quiet(&format!("Left empty, the key file is {path}."));
    }
    page.wrong(form.wrong.as_deref());
}

/// The vault's passphrase, once more.
pub(super) fn vault_proof(page: &mut Page<'_>, model: &Model, proof: &VaultProof) {
    page.field("Passphrase of the vault: ", &proof.field);
    page.blank();
    page.wrong(proof.wrong.as_deref());
    waits(page, model);
}

/// After wrong passphrases of the vault: when the next one can be typed.
fn waits(page: &mut Page<'_>, model: &Model) {
    let seconds = model.must_wait();
    if seconds > 0 {
        let n_wrong = model.back_off.n_wrong();
        page.text(&format!("{n_wrong} wrong passphrases: the next can be typed in {seconds} s."));
    }
}

pub(super) fn entries(n: usize) -> String {
    crate::app::status::count(n, "entry", "entries")
}

pub(super) fn clock(model: &Model, form: &ClockForm, frame: &mut Frame<'_>, area: Rect) {
    let mut page = Page::new(model, area);
    page.blank();
    if let Some((words, seconds)) = &form.offered {
        page.text(&format!("{words}."));
        page.blank();
        let correct = match seconds {
            0 => "makes codes by the clock as it is".to_owned(),
            _ => format!("makes codes with {seconds:+} s on the clock, for this run only"),
        };
        page.key("Enter ", &correct);
        page.key("Esc   ", "leaves everything as it is");
        page.blank();
        page.quiet("Nothing else on this machine changes: set its clock right when you can.");
    } else {
        page.text(&format!("What does another device show for {} now?", form.title));
        page.quiet("One whose codes the service accepts: its clock is the one that counts.");
        page.blank();
        page.field("Code: ", &form.field);
        page.blank();
        page.wrong(form.wrong.as_deref());
    }
    page.draw(frame, area);
}
