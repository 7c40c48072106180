//! Splits and combines sets of shares that another program hands over and takes: for `slip39_second_implementation.py`.
//!
//! A line in, a line out. `split SECRET SET M N RANDOM` (bytes in hexadecimal) gives the shares with commas between
//! them; `combine SHARE,SHARE,…` gives the secret. The shipped program has no such command.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test program that ends where a line is not understood"
)]

use std::io::{self, BufRead as _};

use data_encoding::HEXLOWER;
use lifeboat::custody::{Collected, Quorum, SetId, Share, combine, split};
use lifeboat::secret::SecretBytes;

fn bytes(hex: &str) -> SecretBytes {
    SecretBytes::new(HEXLOWER.decode(hex.as_bytes()).expect("hexadecimal digits"))
}

fn main() {
    for line in io::stdin().lock().lines() {
        let line = line.expect("text");
        match line.split_once(' ').expect("a command and what it needs") {
            ("split", rest) => println!("{}", made(rest)),
            ("combine", rest) => println!("{}", combined(rest)),
            (other, _) => panic!("unknown command {other}"),
        }
    }
}

fn made(rest: &str) -> String {
    let fields: Vec<&str> = rest.split(' ').collect();
    let [secret, set, threshold, n_shares, random] = fields[..] else { panic!("five fields") };
    let number = |text: &str| text.parse().expect("a number");
    let set = SetId::new(set.parse().expect("a number")).expect("15 bits");
    let quorum = Quorum::new(number(threshold), number(n_shares)).expect("a quorum");
    let shares = split(&bytes(secret), set, quorum, &bytes(random)).expect("fitting lengths");
    shares.iter().map(|share| share.words().expose().to_owned()).collect::<Vec<_>>().join(",")
}

/// By both ways, which must agree.
fn combined(rest: &str) -> String {
    let read = |text: &str| Share::parse(text).expect("a share");
    let shares: Vec<Share> = rest.split(',').map(read).collect();
    let secret = combine(&shares.iter().collect::<Vec<_>>()).expect("a secret");
    let mut collected = Collected::of_any_set();
    for share in shares {
        let _ = collected.add(share);
    }
    assert!(collected.ready().expect("a secret").secret.same_as(&secret), "one by one");
    HEXLOWER.encode(secret.expose())
}
