//! The conversation told step by step.

use super::*;

const NOW: Mono = Mono(1_000_000);

fn started() -> Engine {
    let mut engine = Engine::new();
    engine.step(NOW, Input::Started { seed: 7 });
    engine
}

fn idle() -> Engine {
    let mut engine = started();
    answer(&mut engine, Outcome::Reply);
    taken(&mut engine, false, false);
    engine
}

fn answer(engine: &mut Engine, outcome: Outcome) -> Vec<Effect> {
    engine.step(NOW, Input::Answered { ticket: engine.ticket(), outcome })
}

fn taken(engine: &mut Engine, more: bool, unsent: bool) -> Vec<Effect> {
    engine.step(NOW, Input::Taken { ticket: engine.ticket(), more, unsent })
}

fn asks(effects: &[Effect]) -> bool {
    effects.iter().any(|e| matches!(e, Effect::Exchange(_)))
}

fn wake(effects: &[Effect]) -> u64 {
    effects.iter().find_map(|e| if let Effect::WakeAt(at) = e { Some(at.0 - NOW.0) } else { None }).unwrap()
}

#[test]
fn a_start_asks_and_a_reply_is_taken_and_then_it_listens() {
    let mut engine = Engine::new();
    assert!(asks(&engine.step(NOW, Input::Started { seed: 7 })));
    assert_eq!(answer(&mut engine, Outcome::Reply), [Effect::Take(Ticket(1))]);
    let effects = taken(&mut engine, false, false);
    assert!(effects.contains(&Effect::Listen(true)) && effects.contains(&Effect::Show(Talk::Idle)));
    assert!(!asks(&effects));
}

#[test]
fn pages_and_unsent_changes_are_asked_for_at_once() {
    for (more, unsent) in [(true, false), (false, true)] {
        let mut engine = started();
        answer(&mut engine, Outcome::Reply);
        assert!(asks(&taken(&mut engine, more, unsent)));
    }
}

#[test]
fn what_is_saved_or_poked_during_an_exchange_makes_another_after_it() {
    for news in [Input::Saved, Input::Poked] {
        let mut engine = started();
        assert_eq!(engine.step(NOW, news), []);
        answer(&mut engine, Outcome::Reply);
        assert!(asks(&taken(&mut engine, false, false)));
    }
}

#[test]
fn only_the_reply_to_the_latest_ticket_is_taken() {
    let mut engine = started();
    let late = engine.ticket();
    engine.step(Mono(NOW.0 + PATIENCE_MS), Input::Woke); // given up
    assert!(asks(&engine.step(NOW, Input::Online)));
    assert_eq!(engine.step(NOW, Input::Answered { ticket: late, outcome: Outcome::Reply }), []);
    assert_eq!(engine.step(NOW, Input::Taken { ticket: late, more: true, unsent: true }), []);
}

#[test]
fn a_reply_that_comes_twice_is_taken_once() {
    let mut engine = started();
    assert_eq!(answer(&mut engine, Outcome::Reply).len(), 1);
    assert_eq!(answer(&mut engine, Outcome::Reply), []);
}

#[test]
fn pauses_double_up_to_a_minute_and_half_of_each_is_chance() {
    let mut engine = started();
    for longest in [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000] {
        let pause = wake(&answer(&mut engine, Outcome::Broken));
        assert!((longest / 2..=longest).contains(&pause), "{pause} of {longest}");
        engine.step(Mono(NOW.0 + pause), Input::Woke);
    }
}

#[test]
fn two_devices_do_not_return_in_the_same_moment() {
    let pause = |seed| {
        let mut engine = Engine::new();
        engine.step(NOW, Input::Started { seed });
        wake(&answer(&mut engine, Outcome::Broken))
    };
    assert_ne!(pause(11), pause(12));
}

#[test]
fn saving_while_the_network_is_away_does_not_shorten_the_pause() {
    let mut engine = started();
    answer(&mut engine, Outcome::Broken);
    assert_eq!(engine.step(NOW, Input::Saved), []);
    assert!(asks(&engine.step(NOW, Input::Online)));
}

#[test]
fn a_busy_server_is_left_alone_as_long_as_it_asks() {
    let mut engine = started();
    assert!(wake(&answer(&mut engine, Outcome::Busy(30_000))) >= 30_000);
}

#[test]
fn without_a_sign_in_nothing_is_sent_until_somebody_signs_in() {
    let mut engine = idle();
    engine.step(NOW, Input::Saved);
    assert!(answer(&mut engine, Outcome::SignIn).contains(&Effect::SignInAgain));
    for news in [Input::Saved, Input::Poked, Input::Online, Input::Woke] {
        assert_eq!(engine.step(NOW, news), []);
    }
    assert!(asks(&engine.step(NOW, Input::Started { seed: 1 })));
}

#[test]
fn typing_is_sent_after_its_rest() {
    let mut engine = idle();
    let effects = engine.step(NOW, Input::Typed);
    assert_eq!(effects, [Effect::WakeAt(Mono(NOW.0 + RESTING_MS))]);
    assert!(asks(&engine.step(Mono(NOW.0 + RESTING_MS), Input::Woke)));
}

#[test]
fn a_device_with_nothing_to_send_asks_soon_after_its_pokes_have_ended_and_then_knows_that_it_is_alone() {
    let mut engine = idle();
    let effects = engine.step(NOW, Input::Unheard);
    assert!(effects.contains(&Effect::Listen(false)));
    let soon = wake(&effects);
    assert!(soon <= UNHEARD_MS);
    assert!(asks(&engine.step(Mono(NOW.0 + soon), Input::Woke)));
    assert!(answer(&mut engine, Outcome::Broken).contains(&Effect::Show(Talk::Offline)));
}

#[test]
fn pokes_that_only_broke_off_are_listened_to_again_after_one_exchange() {
    let mut engine = idle();
    let soon = wake(&engine.step(NOW, Input::Unheard));
    engine.step(Mono(NOW.0 + soon), Input::Woke);
    answer(&mut engine, Outcome::Reply);
    assert!(taken(&mut engine, false, false).contains(&Effect::Listen(true)));
}

#[test]
fn a_damaged_store_is_set_aside_and_nothing_goes_on() {
    let mut engine = idle();
    let effects = engine.step(NOW, Input::Failed(StoreFault::Damaged));
    assert!(effects.contains(&Effect::SetStoreAside));
    assert_eq!(engine.step(NOW, Input::Saved), []);
}

#[test]
fn a_full_disk_is_tried_again() {
    let mut engine = started();
    let pause = wake(&engine.step(NOW, Input::Failed(StoreFault::Passing)));
    assert!(asks(&engine.step(Mono(NOW.0 + pause), Input::Woke)));
}
