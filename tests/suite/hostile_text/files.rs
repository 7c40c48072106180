//! The screens of bundles and of other programs' files, for [`super::screens`].

use lifeboat::secret::SecretText;
use lifeboat::tui::form::{Field, Form};
use lifeboat::tui::model::{
    AboutCards, BundleForm, BundleRow, BundlesPage, CardStep, Ceremony, CustodiansPage, Doing, Done,
    ExportForm, ExportStep, ImportForm, Keeping, KitForm, NewBundle, NewBundleStep, NewPassphrase,
    NewSetForm, OpenedBy, Purpose, Recognised, RecordForm, Report, ReportRow, RestoreForm, Screen, SetRow,
    TransferForm, VaultProof,
};

use super::screens::field;

/// A new step fails to compile here until it is in [`every_screen`].
pub(super) fn place_of_bundles(page: &BundlesPage) -> usize {
    match &page.doing {
        Doing::List => 10,
        Doing::New(NewBundle { step: NewBundleStep::What, .. }) => 19,
        Doing::New(NewBundle { step: NewBundleStep::Passphrase(_), .. }) => 20,
        Doing::New(NewBundle { step: NewBundleStep::Vault(_), .. }) => 21,
        Doing::Existing(..) => 22,
        Doing::Merge(_) => 23,
        Doing::Done(_) => 24,
        Doing::Kit(_) => 42,
    }
}

/// As [`place_of_bundles`].
pub(super) fn place_of_custodians(page: &CustodiansPage) -> usize {
    match &page.doing {
        Keeping::List => 33,
        Keeping::Told(_) => 34,
        Keeping::Record(_) => 35,
        Keeping::New(_) => 36,
        Keeping::Ceremony(ceremony) => match ceremony.step {
            CardStep::Alone => 37,
            CardStep::Card { .. } => 38,
            CardStep::TypingBack { .. } => 39,
            CardStep::Wrong(_) => 40,
            CardStep::Keeping(_) => 41,
        },
    }
}

/// As [`place_of_bundles`].
pub(super) fn place_of_transfer(form: &TransferForm) -> usize {
    match form {
        TransferForm::Import(ImportForm { recognised: None, .. }) => 18,
        TransferForm::Import(ImportForm { recognised: Some(_), .. }) => 25,
        TransferForm::Report(..) => 26,
        TransferForm::Done(_) => 27,
        TransferForm::Export(export) => match export.step {
            ExportStep::What => 28,
            ExportStep::Passphrase(_) => 29,
            ExportStep::Clear(_) => 30,
            ExportStep::Vault(_) => 31,
        },
    }
}

fn form(text: &str) -> Form {
    Form::new(vec![Field::path("path", "Path: ", "help", text), Field::text("text", "Text: ", "help", text)])
}

fn wrong(text: &str) -> String {
    format!("{text}\n{text}")
}

/// The bundle that is named, and the one that was looked at.
pub(super) fn bundle(text: &str, was_seen: bool) -> BundleForm {
    let mut bundle = BundleForm::new(text, None);
    if was_seen {
        let by = OpenedBy { passphrase: true, key_file: true, needs_key_file: true, shares: None };
        bundle.ask(vec![text.to_owned(), format!("label {text}")], by);
        bundle.form.focus_on("key file");
        bundle.form.set("key file", text);
    }
    bundle.wrong = Some(wrong(text));
    bundle
}

/// A bundle whose shares are being typed.
fn by_shares(text: &str) -> BundleForm {
    let mut bundle = bundle(text, false);
    let by = OpenedBy {
        passphrase: false,
        key_file: false,
        needs_key_file: false,
        shares: Some((text.to_owned(), 2)),
    };
    bundle.ask(vec![text.to_owned()], by);
    let entry = bundle.shares.as_mut().unwrap();
    entry.put("academic");
    entry.field = field(text);
    entry.told = Some(text.to_owned());
    bundle.wrong = Some(wrong(text));
    bundle
}

pub(super) fn new_passphrase(text: &str) -> NewPassphrase {
    NewPassphrase {
        field: field(text),
        strength: text.to_owned(),
        wrong: Some(wrong(text)),
        import: Some(SecretText::new(text.to_owned())),
        ..NewPassphrase::default()
    }
}

fn proof(text: &str) -> VaultProof {
    VaultProof { field: field(text), wrong: Some(wrong(text)) }
}

fn report(text: &str) -> Report {
    let row = |is_refused| ReportRow {
        outcome: "new",
        name: text.to_owned(),
        notes: vec![text.to_owned()],
        is_refused,
    };
    let summary = vec![text.to_owned()];
    Report { summary, rows: vec![row(true), row(false)], offset: 0, n_written: 1, n_refused: 1 }
}

pub(super) fn done(text: &str) -> Done {
    Done {
        name: "Done",
        what: text.to_owned(),
        warnings: vec![text.to_owned()],
        facts: vec![("file", text.to_owned())],
        next: vec![text.to_owned()],
        offset: 0,
    }
}

fn row(text: &str, review_due: bool) -> BundleRow {
    BundleRow {
        day: text.to_owned(),
        n_entries: 1,
        changes: text.to_owned(),
        is_current: false,
        review: Some(text.to_owned()),
        review_due,
        label: text.to_owned(),
        path: text.to_owned(),
        facts: vec![("file", text.to_owned())],
    }
}

fn new_bundle(text: &str, step: NewBundleStep) -> Screen {
    doing(
        text,
        Doing::New(NewBundle {
            form: form(text),
            marked: Vec::new(),
            sets: vec![(1, text.to_owned())],
            first_set: None,
            step,
            wrong: Some(wrong(text)),
            n_entries: 1,
            force: false,
            asks_vault: true,
            allow_weak: false,
            passphrase: None,
        }),
    )
}

fn doing(text: &str, doing: Doing) -> Screen {
    Screen::Bundles(BundlesPage { rows: Some(vec![row(text, true), row(text, false)]), selected: 0, doing })
}

fn custodians(text: &str, doing: Keeping) -> Screen {
    let row = SetRow {
        id: 1,
        name: text.to_owned(),
        quorum: text.to_owned(),
        made: text.to_owned(),
        state: text.to_owned(),
        is_due: true,
        is_replaced: false,
        needed: 2,
        custodians: vec![text.to_owned()],
        facts: vec![("shares", text.to_owned()), ("", text.to_owned())],
    };
    Screen::Custodians(CustodiansPage { rows: Some(vec![row]), selected: 0, doing })
}

fn new_set(text: &str) -> NewSetForm {
    let custodians = vec![text.to_owned(), text.to_owned()];
    let mut new = NewSetForm::begin(2, &custodians, Some((1, text.to_owned())));
    new.wrong = Some(wrong(text));
    new
}

fn ceremony(text: &str, step: CardStep) -> Screen {
    let about = AboutCards {
        set: text.to_owned(),
        needed: 2,
        custodians: vec![text.to_owned(), text.to_owned()],
        made: text.to_owned(),
        check_by: text.to_owned(),
        maker: text.to_owned(),
    };
    let mut ceremony = Ceremony::begin(about, Some(1));
    ceremony.told = Some(text.to_owned());
    ceremony.step = step;
    custodians(text, Keeping::Ceremony(Box::new(ceremony)))
}

fn export(text: &str, step: ExportStep) -> Screen {
    Screen::Transfer(TransferForm::Export(Box::new(ExportForm {
        form: form(text),
        marked: Vec::new(),
        step,
        wrong: Some(wrong(text)),
        lossy: vec![text.to_owned()],
        left_out: vec![text.to_owned()],
        n_entries: 1,
        force: false,
        asks_vault: true,
        passphrase: None,
    })))
}

fn import(text: &str, recognised: bool) -> Screen {
    let recognised =
        recognised.then(|| Recognised { path: SecretText::new(text.to_owned()), format: text.to_owned() });
    Screen::Transfer(TransferForm::Import(ImportForm {
        form: form(text),
        recognised,
        wrong: Some(wrong(text)),
    }))
}

pub(super) fn every_screen(text: &str) -> Vec<Screen> {
    let path = || SecretText::new(text.to_owned());
    vec![
        Screen::Restore(RestoreForm::Bundle(bundle(text, false))),
        Screen::Restore(RestoreForm::Bundle(bundle(text, true))),
        Screen::Restore(RestoreForm::Bundle(by_shares(text))),
        Screen::Restore(RestoreForm::New {
            n_entries: 1,
            bundle: bundle(text, true),
            form: new_passphrase(text),
        }),
        doing(text, Doing::List),
        new_bundle(text, NewBundleStep::What),
        new_bundle(text, NewBundleStep::Passphrase(new_passphrase(text))),
        new_bundle(text, NewBundleStep::Vault(proof(text))),
        doing(text, Doing::Existing(Purpose::Merge, bundle(text, true))),
        doing(text, Doing::Kit(KitForm { form: form(text), wrong: Some(wrong(text)) })),
        doing(text, Doing::Merge(report(text))),
        doing(text, Doing::Done(done(text))),
        custodians(text, Keeping::List),
        custodians(text, Keeping::Told(done(text))),
        custodians(text, Keeping::Record(RecordForm { form: form(text), wrong: Some(wrong(text)) })),
        custodians(text, Keeping::New(new_set(text))),
        ceremony(text, CardStep::Alone),
        ceremony(text, CardStep::Card { words: SecretText::new("academic acid".to_owned()), asked: vec![1] }),
        ceremony(text, CardStep::TypingBack { asked: vec![2], field: field(text) }),
        ceremony(text, CardStep::Wrong(3)),
        ceremony(text, CardStep::Keeping(Some(wrong(text)))),
        import(text, false),
        import(text, true),
        Screen::Transfer(TransferForm::Report(report(text), path())),
        Screen::Transfer(TransferForm::Done(done(text))),
        export(text, ExportStep::What),
        export(text, ExportStep::Passphrase(new_passphrase(text))),
        export(text, ExportStep::Clear(form(text))),
        export(text, ExportStep::Vault(proof(text))),
    ]
}
