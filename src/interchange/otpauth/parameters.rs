//! The query of an otpauth URI: split first, decoded afterwards, and kept in its order.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

/// Parameters that this program understands; `image` and the like are not among them.
const KNOWN: [&str; 6] = ["algorithm", "counter", "digits", "issuer", "period", "secret"];

/// The parameters of a query, decoded, in their order.
pub(super) struct Parameters<'a> {
    pairs: Vec<(Cow<'a, str>, Cow<'a, str>)>,
}

impl<'a> Parameters<'a> {
    pub(super) fn parse(query: &'a str) -> Self {
        let mut pairs = Vec::new();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, mut value) = pair.split_once('=').unwrap_or((pair, ""));
            let mut glued = None;
            // Some exporters glue the next parameter on: `issuer=Fooperiod=30`. An equals sign that belongs
            // to the issuer is percent-encoded, so this is asked before anything is decoded.
            if name.eq_ignore_ascii_case("issuer")
                && let Some((issuer, period)) = value.split_once("period=")
            {
                value = issuer;
                glued = Some(period);
            }
            pairs.push((decode(name, true), decode(value, true)));
            pairs.extend(glued.map(|period| (Cow::Borrowed("period"), decode(period, true))));
        }
        Self { pairs }
    }

    /// The first occurrence wins; names are compared without case.
    pub(super) fn first(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| &**value)
    }

    /// As [`Parameters::first`], without the empty and `null` values that some exporters write.
    pub(super) fn value(&self, name: &str) -> Option<&str> {
        self.first(name)
            .map(str::trim)
            .filter(|value| !value.is_empty() && !value.eq_ignore_ascii_case("null"))
    }

    /// The issuer, empty where there is none.
    pub(super) fn issuer(&self) -> &str {
        self.first("issuer").unwrap_or_default().trim()
    }

    /// Tells whether one of them says that the codes are Steam's.
    pub(super) fn say_steam(&self) -> bool {
        self.pairs.iter().any(|(name, value)| says_steam(name, value))
    }

    /// What means nothing here, to be written back.
    pub(super) fn unknown(&self) -> Vec<(String, String)> {
        self.pairs
            .iter()
            .filter(|(name, value)| !is_understood(name, value))
            .map(|(name, value)| (name.clone().into_owned(), value.clone().into_owned()))
            .collect()
    }
}

/// Tells whether a parameter is understood here, and therefore never among those that are written back.
pub(super) fn is_understood(name: &str, value: &str) -> bool {
    KNOWN.iter().any(|known| name.eq_ignore_ascii_case(known)) || says_steam(name, value)
}

/// `encoder=steam` is KeePassXC's way to say it, a bare `steam` flag Stratum's and 2FAS'.
fn says_steam(name: &str, value: &str) -> bool {
    if name.eq_ignore_ascii_case("encoder") {
        return value.trim().eq_ignore_ascii_case("steam");
    }
    name.eq_ignore_ascii_case("steam") && !matches!(value.trim(), "false" | "0" | "no")
}

/// Percent-decodes; in a query a plus is a space, in a path it is itself.
pub(super) fn decode(text: &str, plus_is_space: bool) -> Cow<'_, str> {
    if plus_is_space && text.contains('+') {
        let spaced = text.replace('+', " ");
        return Cow::Owned(percent_decode_str(&spaced).decode_utf8_lossy().into_owned());
    }
    percent_decode_str(text).decode_utf8_lossy()
}
