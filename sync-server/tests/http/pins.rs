//! A colleague types a PIN at somebody else's screen.

use super::world::{Browser, MINUTE_MS, Reply, World};
use argon2::password_hash::PasswordHasher;
use argon2::{Algorithm, Argon2, Params, Version};
use nursery::people::{Joining, Role};
use records::PersonId;
use serde_json::json;

/// Gives a person a PIN, hashed with little work.
pub fn give(world: &World, person: PersonId, pin: &str) {
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(64, 1, 1, None).unwrap());
    let hash = argon.hash_password_with_salt(pin.as_bytes(), &[7; 16]).unwrap().to_string();
    world.set(person.0, "pin", hash);
}

struct Site {
    world: World,
    abe: Browser,
    tamura: Browser,
    director: PersonId,
}

/// Two caregivers at their own screens, and a director with a PIN.
async fn site() -> Site {
    let world = World::new().await;
    let director = world.staff("園長", world.wakaba, Role::Director);
    give(&world, director, "4649");
    let abe = world.browser(world.staff("阿部", world.wakaba, Role::Caregiver)).await;
    let tamura = world.browser(world.staff("田村", world.wakaba, Role::Caregiver)).await;
    Site { world, abe, tamura, director }
}

impl Site {
    /// An arrival in the director's name, with a PIN.
    async fn arrives(&self, at: &Browser, pin: &str) -> Reply {
        let child = self.world.child("みお", self.world.wakaba, self.world.usagi);
        let command = json!({ "command": "arrive", "facility": self.world.wakaba, "children": [child] });
        at.act(json!({ "command": command, "person": self.director, "pin": pin })).await
    }
    async fn said(&self, at: &Browser, pin: &str) -> (u16, String) {
        self.arrives(at, pin).await.said()
    }
}

fn needed() -> (u16, String) {
    (403, "pin_needed".into())
}
fn locked() -> (u16, String) {
    (403, "pin_locked".into())
}
fn done() -> (u16, String) {
    (200, String::new())
}

#[tokio::test]
async fn a_colleague_who_guesses_locks_out_only_the_own_screen() {
    let site = site().await;
    for _ in 0..4 {
        assert_eq!(site.said(&site.abe, "0000").await, needed());
    }
    assert_eq!(site.said(&site.abe, "0000").await, locked());
    assert_eq!(site.said(&site.abe, "4649").await, locked(), "the right one waits too");
    assert_eq!(site.said(&site.tamura, "4649").await, done(), "the director still works at another screen");
    site.world.pass_ms(5 * MINUTE_MS - 1);
    assert_eq!(site.said(&site.abe, "4649").await, locked());
    site.world.pass_ms(1);
    assert_eq!(site.said(&site.abe, "4649").await, done());
}

#[tokio::test]
async fn each_further_wrong_pin_doubles_the_wait_and_signing_in_anew_does_not_help() {
    let site = site().await;
    for _ in 0..5 {
        site.arrives(&site.abe, "0000").await;
    }
    site.world.pass_ms(5 * MINUTE_MS);
    assert_eq!(site.said(&site.abe, "1111").await, locked());
    let person = site.world.hub().session_of(cookie(&site.abe), site.world.now()).unwrap().person;
    let again = site.world.browser(person).await;
    site.world.pass_ms(5 * MINUTE_MS);
    assert_eq!(site.said(&again, "4649").await, locked());
    site.world.pass_ms(5 * MINUTE_MS);
    assert_eq!(site.said(&again, "4649").await, done());
}

fn cookie(browser: &Browser) -> &str {
    browser.cookie.as_deref().unwrap().split('=').nth(1).unwrap()
}

#[tokio::test]
async fn whoever_is_no_colleague_has_no_pin_or_is_nobody_gets_the_answer_of_a_wrong_pin() {
    let site = site().await;
    let world = &site.world;
    let child = world.child("みお", world.wakaba, world.usagi);
    let strange = world.staff("園長", world.tsubame, Role::Director);
    give(world, strange, "4649");
    let mother = world.guardian("母", child);
    let without = world.staff("新人", world.wakaba, Role::Caregiver);
    let order = |person: PersonId, pin: serde_json::Value| {
        json!({ "command": { "command": "arrive", "facility": world.wakaba, "children": [child] },
                "person": person, "pin": pin })
    };
    let mut answers = vec![];
    for (person, pin) in [
        (site.director, json!("0000")),
        (site.director, json!(null)),
        (strange, json!("4649")),
        (mother, json!("4649")),
        (without, json!("")),
        (PersonId(world.id()), json!("4649")),
    ] {
        answers.push(site.abe.act(order(person, pin)).await.whole());
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:#?}");
    assert!(answers[0].contains("pin_needed"));
    let outside = world.browser(mother).await;
    for _ in 0..10 {
        assert_eq!(outside.act(order(site.director, json!("0000"))).await.said(), needed());
    }
    assert_eq!(site.said(&site.tamura, "4649").await, done(), "a stranger's tries count for nothing");
}

#[tokio::test]
async fn tries_at_the_same_moment_are_all_counted() {
    let site = site().await;
    let tries = (0..12).map(|_| site.said(&site.abe, "0000"));
    let all = futures_util::future::join_all(tries).await;
    assert!(all.iter().filter(|said| **said == needed()).count() <= 4, "{all:?}");
    assert_eq!(site.said(&site.abe, "4649").await, locked());
}

#[tokio::test]
async fn whoever_works_for_the_city_and_at_no_site_may_type_the_own_pin() {
    let world = World::new().await;
    let city = world.staff("保育課", world.wakaba, Role::City);
    give(&world, city, "4649");
    let browser = world.browser(city).await;
    let join = || {
        let child = world.child("みお", world.wakaba, world.usagi);
        let guardianship = world.guard(world.person("母"), child, Joining::Pending);
        json!({ "command": "decide_join", "guardianship": guardianship, "confirm": true })
    };
    assert_eq!(browser.act(json!({ "command": join(), "pin": "0000" })).await.said(), needed());
    assert_eq!(browser.act(json!({ "command": join(), "pin": "4649" })).await.said(), done());
    assert_eq!(browser.act(json!({ "command": join(), "person": city, "pin": "4649" })).await.said(), done());
    for _ in 0..4 {
        assert_eq!(browser.act(json!({ "command": join(), "pin": "0000" })).await.said(), needed());
    }
    assert_eq!(browser.act(json!({ "command": join(), "pin": "0000" })).await.said(), locked(), "guesses count");
    let elsewhere = world.staff("園長", world.tsubame, Role::Director);
    give(&world, elsewhere, "4649");
    let order = json!({ "command": join(), "person": elsewhere, "pin": "4649" });
    assert_eq!(browser.act(order).await.said(), needed(), "nobody's colleague");
}
