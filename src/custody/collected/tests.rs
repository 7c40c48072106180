use super::super::split;
use super::*;

fn secret() -> SecretBytes {
    SecretBytes::from_slice(b"0123456789abcdef")
}

fn shares(set: u16, seed: u8) -> Vec<Share> {
    let quorum = Quorum::new(3, 5).unwrap();
    let random = SecretBytes::new((seed..).step_by(3).take(quorum.n_random_bytes()).collect());
    split(&secret(), SetId::new(set).unwrap(), quorum, &random).unwrap()
}

fn again(share: &Share) -> Share {
    Share::parse(share.words().expose()).unwrap()
}

fn expected() -> Expected {
    let shares = shares(7, 1);
    let fingerprints = shares.iter().map(Share::fingerprint).collect();
    Expected::new(shares[0].set(), Quorum::new(3, 5).unwrap(), fingerprints).unwrap()
}

#[test]
fn shares_come_in_any_order_and_each_tells_how_many_are_missing() {
    for order in [[0, 1, 2], [4, 0, 3], [2, 4, 1]] {
        for mut collected in [Collected::of_any_set(), Collected::of(expected())] {
            for (place, missing) in order.into_iter().zip([2, 1, 0]) {
                assert!(collected.ready().is_err());
                let share = again(&shares(7, 1)[place]);
                let number = share.number();
                assert_eq!(collected.add(share), Added::Taken { number, missing });
                assert_eq!(collected.missing(), Some(missing));
                let there = again(&shares(7, 1)[place]);
                assert_eq!(collected.add(there), Added::AlreadyThere { number, missing });
            }
            let ready = collected.ready().unwrap();
            assert!(ready.secret.same_as(&secret()) && ready.unfit.is_empty());
            assert_eq!(collected.numbers().len(), 3);
        }
    }
}

#[test]
fn too_few_give_nothing_but_their_number() {
    let mut collected = Collected::of(expected());
    assert_eq!((collected.missing(), collected.ready().err()), (Some(3), Some(CombineError::NoShares)));
    assert_eq!(Collected::of_any_set().missing(), None);
    for (share, missing) in shares(7, 1).into_iter().zip([2, 1]) {
        let _ = collected.add(share);
        assert_eq!(collected.ready().err(), Some(CombineError::TooFew { missing }));
    }
}

#[test]
fn a_wrong_share_is_named_and_does_not_spoil_the_others_where_fingerprints_are_known() {
    let mut collected = Collected::of(expected());
    let set = expected().set();
    let forged = Share::new(set, 2, 3, secret());
    assert_eq!(collected.add(forged), Added::Unfit(Unfit::Fingerprint { set, number: 2 }));
    let other = shares(8, 1).remove(0);
    let found = other.set();
    assert_eq!(collected.add(other), Added::Unfit(Unfit::OtherSet { expected: set, found }));
    let number = Unfit::Number { number: 6, n_shares: 5 };
    assert_eq!(collected.add(Share::new(set, 6, 3, secret())), Added::Unfit(number));
    let threshold = Unfit::Threshold { number: 1, expected: 3, found: 2 };
    assert_eq!(collected.add(Share::new(set, 1, 2, secret())), Added::Unfit(threshold));
    assert!(collected.numbers().is_empty());
    for share in shares(7, 1).into_iter().skip(1).take(3) {
        assert!(matches!(collected.add(share), Added::Taken { .. }));
    }
    assert!(collected.ready().unwrap().secret.same_as(&secret()));
}

#[test]
fn without_fingerprints_the_shares_that_fit_together_are_found_and_the_others_named() {
    let mut collected = Collected::of_any_set();
    let set = expected().set();
    let [first, second, third, fourth, _] = <[Share; 5]>::try_from(shares(7, 1)).unwrap();
    let forged = Share::new(set, 2, 3, secret());
    assert_eq!(collected.add(forged), Added::Taken { number: 2, missing: 2 });
    assert_eq!(collected.add(first), Added::Taken { number: 1, missing: 1 });
    assert_eq!(collected.add(third), Added::Taken { number: 3, missing: 0 });
    assert_eq!(collected.ready().err(), Some(CombineError::DigestDiffers));
    // The genuine one of the same number helps, and so does any other.
    assert_eq!(collected.add(second), Added::Conflicting { number: 2, missing: 0 });
    assert_eq!(collected.add(fourth), Added::Taken { number: 4, missing: 0 });
    let ready = collected.ready().unwrap();
    assert!(ready.secret.same_as(&secret()));
    assert_eq!(ready.unfit, [2]);
}

#[test]
fn more_shares_than_a_set_can_have_are_not_kept() {
    let mut collected = Collected::of_any_set();
    for n in 0..40 {
        let value = SecretBytes::new(vec![n; 16]);
        let _ = collected.add(Share::new(expected().set(), n % 16 + 1, 16, value));
    }
    assert_eq!(collected.shares.len(), MOST_KEPT);
    assert_eq!(collected.ready().err(), Some(CombineError::DigestDiffers));
}

#[test]
fn fingerprints_are_all_known_or_none() {
    let (set, quorum) = (expected().set(), expected().quorum());
    assert!(Expected::new(set, quorum, Vec::new()).is_some());
    assert!(Expected::new(set, quorum, vec![[0; 4]; 5]).is_some());
    assert!(Expected::new(set, quorum, vec![[0; 4]; 4]).is_none());
}
