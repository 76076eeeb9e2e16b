//! Who comes in: pairing, tokens, sessions, links.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod world;

use hub::{PairingState, PairingSubject};
use nursery::devices::Purpose;
use nursery::people::Role;
use world::World;

const HOUR: i64 = 3_600_000;

fn asks() -> PairingSubject {
    PairingSubject { public_key: seal::DeviceKey::from_seed([4; 32]).public(), name: "うさぎ組 1".into() }
}

#[test]
fn a_tablet_is_paired_by_the_same_code_on_both_sides() {
    let world = World::new();
    let director = world.staff("園長", world.wakaba, Role::Director);
    let pairing = world.hub.pair_begin(asks(), world.now()).unwrap();
    assert_eq!(pairing.code.len(), 6);
    assert!(matches!(world.hub.pair_state(&pairing.ticket, world.now()), Ok(PairingState::Waiting)));
    assert_eq!(world.hub.pair_seen(&pairing.code, world.now()).unwrap(), asks());
    let owner = world.wakaba.0;
    let device = world.hub.pair_confirm(&pairing.code, director, owner, Purpose::ClassTablet, world.now()).unwrap();
    let state = world.hub.pair_state(&pairing.ticket, world.now()).unwrap();
    let PairingState::Confirmed { session, token } = state else { panic!("{state:?}") };
    assert_eq!(session.device, device);
    assert_eq!(world.hub.device_of(&token).unwrap(), session);
    // used once
    let again = world.hub.pair_confirm(&pairing.code, director, owner, Purpose::ClassTablet, world.now());
    assert_eq!(again.unwrap_err().code(), "not_found");
    world.hub.sign_out_device(device, world.now()).unwrap();
    assert_eq!(world.hub.device_of(&token).unwrap_err().code(), "not_found");
}

#[test]
fn a_caregiver_or_another_sites_director_cannot_confirm() {
    let world = World::new();
    let sato = world.staff("佐藤", world.wakaba, Role::Caregiver);
    let other = world.staff("園長", world.tsubame, Role::Director);
    let contact = world.staff("担当", world.wakaba, Role::IctContact);
    let pairing = world.hub.pair_begin(asks(), world.now()).unwrap();
    for by in [sato, other] {
        let tried = world.hub.pair_confirm(&pairing.code, by, world.wakaba.0, Purpose::Kiosk, world.now());
        assert_eq!(tried.unwrap_err().code(), "not_allowed");
    }
    world.hub.pair_confirm(&pairing.code, contact, world.wakaba.0, Purpose::Kiosk, world.now()).unwrap();
}

#[test]
fn a_pairing_is_over_after_ten_minutes() {
    let world = World::new();
    let director = world.staff("園長", world.wakaba, Role::Director);
    let pairing = world.hub.pair_begin(asks(), world.now()).unwrap();
    world.pass_ms(10 * 60_000);
    let late = world.hub.pair_confirm(&pairing.code, director, world.wakaba.0, Purpose::Kiosk, world.now());
    assert_eq!(late.unwrap_err().code(), "not_found");
    assert_eq!(world.hub.pair_state(&pairing.ticket, world.now()).unwrap_err().code(), "not_found");
}

#[test]
fn open_pairings_are_bounded_and_malformed_ones_refused() {
    let world = World::new();
    for _ in 0..200 {
        world.hub.pair_begin(asks(), world.now()).unwrap();
    }
    assert_eq!(world.hub.pair_begin(asks(), world.now()).unwrap_err().code(), "busy");
    world.pass_ms(10 * 60_000);
    world.hub.pair_begin(asks(), world.now()).unwrap();
    let bad = PairingSubject { public_key: "x".into(), name: "a".into() };
    assert_eq!(world.hub.pair_begin(bad, world.now()).unwrap_err().code(), "bad_input");
}

#[test]
fn a_sign_in_link_works_once_and_not_after_its_time() {
    let world = World::new();
    let sato = world.staff("佐藤", world.wakaba, Role::Caregiver);
    let link = world.hub.link_make(sato, HOUR, world.now()).unwrap();
    let signed_in = world.hub.link_use(&link, HOUR, world.now()).unwrap();
    assert_eq!(world.hub.session_of(&signed_in.token, world.now()).unwrap(), signed_in.session);
    assert_eq!(signed_in.session.person, sato);
    assert_eq!(world.hub.link_use(&link, HOUR, world.now()).unwrap_err().code(), "not_found");
    let late = world.hub.link_make(sato, HOUR, world.now()).unwrap();
    world.pass_ms(HOUR);
    assert_eq!(world.hub.link_use(&late, HOUR, world.now()).unwrap_err().code(), "not_found");
}

#[test]
fn a_session_ends_by_time_by_closing_and_everywhere_at_once() {
    let world = World::new();
    let sato = world.staff("佐藤", world.wakaba, Role::Caregiver);
    let open = || world.hub.session_open(sato, HOUR, world.now()).unwrap().token;
    let over = |token: &str| world.hub.session_of(token, world.now()).is_err();
    let (first, second, third) = (open(), open(), open());
    world.hub.session_close(&first, world.now()).unwrap();
    assert!(over(&first) && !over(&second));
    assert_eq!(world.hub.sessions_close_all(sato, world.now()).unwrap(), 2);
    assert!(over(&second) && over(&third));
    let timed = open();
    world.pass_ms(HOUR);
    assert!(over(&timed));
}

#[test]
fn a_person_has_at_most_twenty_sessions() {
    let world = World::new();
    let sato = world.staff("佐藤", world.wakaba, Role::Caregiver);
    let tokens: Vec<String> = (0..21)
        .map(|_| {
            world.pass_ms(1);
            world.hub.session_open(sato, HOUR, world.now()).unwrap().token
        })
        .collect();
    let open = tokens.iter().filter(|token| world.hub.session_of(token, world.now()).is_ok()).count();
    assert_eq!(open, 20);
    assert!(world.hub.session_of(&tokens[0], world.now()).is_err());
}

#[test]
fn a_token_that_was_never_given_opens_nothing() {
    let world = World::new();
    for token in ["", "x", "é", &"A".repeat(10_000)] {
        assert_eq!(world.hub.device_of(token).unwrap_err().code(), "not_found");
        assert_eq!(world.hub.session_of(token, world.now()).unwrap_err().code(), "not_found");
    }
}
