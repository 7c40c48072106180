//! What of a plan is unwise before anything is lost.

use std::collections::{BTreeMap, BTreeSet};

use super::known;
use crate::app::bundle::list;
use crate::app::context::Context;
use crate::app::exception::{self, ListedException};
use crate::app::session::Session;
use crate::app::status::count;
use crate::app::time::day;
use crate::entry::Label;
use crate::recovery::exception::ExceptionKind;
use crate::recovery::plan::{Graph, Plan, Standing, Thing, ThingKind};

/// Something unwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flag {
    /// Its sort, which names nobody and nothing.
    pub kind: FlagKind,
    /// What it is about, safe to show.
    pub about: String,
    /// What is unwise, in words.
    pub words: String,
}

/// The sorts of what is unwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FlagKind {
    /// A privileged account with one factor only.
    OneFactor,
    /// A privileged account without a factor that resists phishing.
    NoneResistsPhishing,
    /// An account whose only second factor is SMS.
    SmsOnly,
    /// An account whose only other way in is SMS.
    SmsBeside,
    /// Shares of a quorum in one place or with one person, enough to open.
    SharesTogether,
    /// A vault and an authenticator in one place.
    SamePlace,
    /// A bundle that is older than its entries.
    OldBundle,
    /// A factor on a device that is marked as lost.
    OnLostDevice,
    /// A thing that is marked as lost.
    Lost,
    /// A name in the plan that nothing has any more.
    NamesNothing,
    /// A second factor that is switched off as a way in.
    SwitchingOff,
    /// An account that an exception lets be without its second factor.
    WithoutSecondFactor,
}

impl FlagKind {
    /// Every sort.
    pub const ALL: [Self; 12] = [
        Self::OneFactor,
        Self::NoneResistsPhishing,
        Self::SmsOnly,
        Self::SmsBeside,
        Self::SharesTogether,
        Self::SamePlace,
        Self::OldBundle,
        Self::OnLostDevice,
        Self::Lost,
        Self::NamesNothing,
        Self::SwitchingOff,
        Self::WithoutSecondFactor,
    ];

    /// Its name in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::OneFactor => "one-factor",
            Self::NoneResistsPhishing => "none-resists-phishing",
            Self::SmsOnly => "sms-only",
            Self::SmsBeside => "sms-beside",
            Self::SharesTogether => "shares-together",
            Self::SamePlace => "same-place",
            Self::OldBundle => "old-bundle",
            Self::OnLostDevice => "on-lost-device",
            Self::Lost => "lost",
            Self::NamesNothing => "names-nothing",
            Self::SwitchingOff => "switching-off",
            Self::WithoutSecondFactor => "without-second-factor",
        }
    }

    /// Tells whether it is about an account.
    pub const fn is_about_account(self) -> bool {
        matches!(
            self,
            Self::OneFactor
                | Self::NoneResistsPhishing
                | Self::SmsOnly
                | Self::SmsBeside
                | Self::WithoutSecondFactor
        )
    }
}

/// Everything unwise, in the plan's order.
pub(super) fn of(ctx: &Context, session: &Session, plan: &Plan, graph: &Graph) -> Vec<Flag> {
    let by_name: BTreeMap<&str, &Thing> = plan.things.iter().map(|thing| (thing.name.raw(), thing)).collect();
    let looking = Looking { plan, by_name };
    let mut flags = Vec::new();
    for thing in &plan.things {
        let words = if thing.kind == ThingKind::Account {
            looking.account(thing)
        } else if thing.kind == ThingKind::ShareSet {
            looking.quorum(thing)
        } else if thing.kind.is_factor() {
            looking.on_lost_device(thing)
        } else {
            Vec::new()
        };
        flags.extend(words.into_iter().map(|(kind, words)| Flag { kind, about: thing.name.shown(), words }));
        if is_switching_off(thing) {
            let words =
                "switching the second factor off is no way in: it opens the account to everybody".to_owned();
            flags.push(Flag { kind: FlagKind::SwitchingOff, about: thing.name.shown(), words });
        }
    }
    flags.extend(looking.same_desk());
    flags.extend(old_bundles(ctx, session));
    flags.extend(without_second_factor(ctx, session));
    let now = Standing::after(graph, &[]);
    let own = super::own(&session.vault).unwrap_or_default();
    let missing = known::join(&own, &session.vault).missing;
    let standing_lost = plan.things.iter().enumerate().filter(|(number, _)| now.is_lost(*number));
    flags.extend(standing_lost.map(|(_, thing)| {
        let about = thing.name.shown();
        if missing.contains(&thing.name) {
            let users = super::at_hand::users_in(&own, &thing.name).join(", ");
            let words =
                format!("neither the plan nor the vault has it any more, and it is named by: {users}");
            Flag { kind: FlagKind::NamesNothing, about, words }
        } else {
            Flag { kind: FlagKind::Lost, about, words: "is marked as lost".to_owned() }
        }
    }));
    flags
}

struct Looking<'a> {
    plan: &'a Plan,
    by_name: BTreeMap<&'a str, &'a Thing>,
}

impl<'a> Looking<'a> {
    /// The second factors that the ways in of an account name themselves, each once.
    fn factors(&self, account: &'a Thing) -> Vec<&'a Thing> {
        let mut seen = BTreeSet::new();
        let members = account.ways.iter().flat_map(|way| &way.of);
        let things = members.filter_map(|name| self.by_name.get(name.raw()).copied());
        things.filter(|thing| thing.kind.is_factor() && seen.insert(thing.name.raw())).collect()
    }

    fn account(&self, account: &'a Thing) -> Vec<(FlagKind, String)> {
        let factors = self.factors(account);
        let mut words = Vec::new();
        let is_sms = |thing: &&Thing| thing.kind == ThingKind::Sms;
        match factors[..] {
            [only] if only.kind == ThingKind::Sms => {
                words.push((FlagKind::SmsOnly, "its only second factor is SMS".to_owned()));
            }
            [_, _] if factors.iter().filter(|thing| is_sms(thing)).count() == 1 => {
                words.push((FlagKind::SmsBeside, "its only other way in is SMS".to_owned()));
            }
            _ => {}
        }
        if !account.privileged {
            return words;
        }
        if let [only] = factors[..] {
            words.push((FlagKind::OneFactor, format!("privileged, with one factor only: {}", only.name)));
        }
        if !factors.iter().any(|thing| thing.kind.resists_phishing()) {
            let told = "privileged, with no factor that resists phishing (hardware key or passkey)";
            words.push((FlagKind::NoneResistsPhishing, told.to_owned()));
        }
        words
    }

    /// Places and people of a thing: what it needs, and what its ways in need.
    fn held_by(&self, thing: &'a Thing, kind: ThingKind) -> BTreeSet<&'a str> {
        let direct = thing.needs.iter();
        let through =
            thing.ways.iter().flat_map(|way| &way.of).filter_map(|name| self.by_name.get(name.raw()));
        let needs = direct.chain(through.flat_map(|member| &member.needs));
        needs
            .filter(|name| self.by_name.get(name.raw()).is_some_and(|thing| thing.kind == kind))
            .map(Label::raw)
            .collect()
    }

    fn quorum(&self, set: &'a Thing) -> Vec<(FlagKind, String)> {
        let Some(way) = set.ways.first() else { return Vec::new() };
        let enough = way.at_least.map_or(way.of.len(), usize::from);
        let mut words = Vec::new();
        for (kind, holds) in [(ThingKind::Place, "in one place"), (ThingKind::Person, "with one person")] {
            let mut n_shares: BTreeMap<&str, usize> = BTreeMap::new();
            for share in way.of.iter().filter_map(|name| self.by_name.get(name.raw())) {
                for holder in self.held_by(share, kind) {
                    *n_shares.entry(holder).or_default() += 1;
                }
            }
            for (holder, n) in n_shares {
                let holder = crate::entry::label::shown(holder);
                let told = if n == way.of.len() && n > 1 {
                    format!("all {n} shares are {holds}: {holder}")
                } else if n >= enough && n > 1 {
                    format!("{n} shares are {holds}, which is enough to open: {holder}")
                } else {
                    continue;
                };
                words.push((FlagKind::SharesTogether, told));
            }
        }
        words
    }

    fn on_lost_device(&self, factor: &'a Thing) -> Vec<(FlagKind, String)> {
        let carriers = factor.needs.iter().chain(factor.ways.iter().flat_map(|way| &way.of));
        carriers
            .filter_map(|name| self.by_name.get(name.raw()))
            .filter(|carrier| carrier.kind == ThingKind::Device && carrier.lost)
            .map(|carrier| {
                (FlagKind::OnLostDevice, format!("lies on {}, which is marked as lost", carrier.name))
            })
            .collect()
    }

    /// A vault and an authenticator that lie in one place go together.
    fn same_desk(&self) -> Vec<Flag> {
        let places = |of: &dyn Fn(&Thing) -> bool| -> BTreeSet<&str> {
            let things = self.plan.things.iter().filter(|thing| of(thing));
            things.flat_map(|thing| self.held_by(thing, ThingKind::Place)).collect()
        };
        let vaults = places(&|thing| thing.kind == ThingKind::Vault);
        let phones = places(&|thing| matches!(thing.kind, ThingKind::Authenticator(_)));
        let shared = vaults.intersection(&phones);
        shared
            .map(|place| Flag {
                kind: FlagKind::SamePlace,
                about: crate::entry::label::shown(place),
                words: "the vault and an authenticator both lie there: one loss takes both".to_owned(),
            })
            .collect()
    }
}

fn is_switching_off(thing: &Thing) -> bool {
    let name = thing.name.raw().to_lowercase();
    let factor = ["mfa", "2fa", "two-factor", "second factor"].iter().any(|word| name.contains(word));
    let off = ["off", "disabl", "without", "bypass", "exempt"].iter().any(|word| name.contains(word));
    factor && off && !matches!(thing.kind, ThingKind::HelpdeskAccess)
}

/// Accounts that an exception lets be without their second factor.
fn without_second_factor(ctx: &Context, session: &Session) -> Vec<Flag> {
    let listed = exception::list(ctx, session).into_iter();
    let open = listed.filter(|listed| {
        listed.exception.kind == ExceptionKind::NoSecondFactor && listed.exception.is_open()
    });
    let flag = |listed: ListedException| {
        let (until, owner) = (day(listed.exception.until), &listed.exception.owner);
        let until = if listed.standing == exception::Standing::Past {
            format!("and was to be so until {until}")
        } else {
            format!("until {until}")
        };
        let words = format!("is without its second factor {until}; {owner} answers for it");
        Flag { kind: FlagKind::WithoutSecondFactor, about: listed.name, words }
    };
    open.map(flag).collect()
}

/// Bundles that no longer hold what the vault does, newest of each place.
fn old_bundles(ctx: &Context, session: &Session) -> Vec<Flag> {
    let listed = list(ctx, session);
    let known = known::bundles(&session.vault);
    let of_record = known.into_iter().filter_map(|(name, record)| {
        let listed = listed.iter().find(|listed| listed.record.id == record.id)?;
        let n = listed.added + listed.changed;
        (n > 0).then(|| Flag {
            kind: FlagKind::OldBundle,
            about: crate::entry::label::shown(&name),
            words: format!("is older than {}: {}", count(n, "entry", "entries"), listed.changes()),
        })
    });
    of_record.collect()
}
