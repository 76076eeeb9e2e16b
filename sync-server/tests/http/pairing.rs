//! A tablet is paired by a code that both sides show, and taken back.

use super::world::{Browser, MINUTE_MS, Reply, World};
use nursery::people::Role;
use serde_json::{Value, json};

/// A new tablet that shows a code.
struct Tablet {
    code: String,
    secret: String,
}

impl Tablet {
    async fn begin(world: &World, name: &str) -> Self {
        let public_key = seal::DeviceKey::from_seed([7; 32]).public();
        let asked = json!({ "public_key": public_key, "name": name, "purpose": "class_tablet" });
        let begun = world.post("/v1/pair", &asked).await;
        assert_eq!(begun.status, 200, "{}", begun.text);
        let field = |name: &str| begun.json()[name].as_str().unwrap().to_owned();
        Self { code: field("code"), secret: field("secret") }
    }
    async fn poll(&self, world: &World) -> Reply {
        world.post("/v1/pair/poll", &json!({ "secret": self.secret })).await
    }
    async fn token(&self, world: &World) -> String {
        self.poll(world).await.json()["token"].as_str().unwrap().to_owned()
    }
}

fn type_in(code: &str, facility: nursery::ids::FacilityId) -> Value {
    json!({ "request": "pair_confirm", "code": code, "facility": facility })
}

/// An exchange that brings nothing.
async fn sync(world: &World, token: &str) -> Reply {
    let asked = json!({ "notes_seen": 0, "notes": [], "app": "0.1.0" });
    Reply::of(world.request("POST", "/v1/sync").bearer_auth(token).json(&asked)).await
}

async fn office(world: &World) -> Browser {
    world.browser(world.staff("事務", world.wakaba, Role::Office)).await
}

#[tokio::test]
async fn a_tablet_gets_nothing_until_somebody_types_its_code_and_then_its_nursery() {
    let world = World::new().await;
    world.child("みお", world.wakaba, world.usagi);
    let mut office = office(&world).await;
    let tablet = Tablet::begin(&world, "うさぎ組 1").await;

    let seen = office.host(json!({ "request": "pair_waiting" })).await.json();
    assert_eq!(seen["devices"][0]["name"], "うさぎ組 1");
    assert_eq!(seen["devices"][0]["hint"].as_str().unwrap(), &tablet.code[4..], "two digits, not the code");
    assert!(!seen.to_string().contains(&tablet.code));
    let waiting = tablet.poll(&world).await.json();
    assert_eq!((&waiting["paired"], &waiting["code"]), (&json!(false), &json!(tablet.code)));
    assert_eq!(waiting.get("token"), None);
    for token in [tablet.secret.as_str(), &tablet.code, "x"] {
        assert_eq!(sync(&world, token).await.said(), (401, "signed_out".into()));
    }

    assert_eq!(office.host(type_in(&tablet.code, world.wakaba)).await.status, 200);
    let paired = tablet.poll(&world).await.json();
    assert_eq!((&paired["paired"], &paired["purpose"]), (&json!(true), &json!("class_tablet")));
    let reply = sync(&world, paired["token"].as_str().unwrap()).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    assert!(reply.text.contains("みお"));
}

#[tokio::test]
async fn a_code_that_is_wrong_used_over_or_not_yours_gets_one_answer() {
    let world = World::new().await;
    let mut office = office(&world).await;
    let (old, used, open) =
        (Tablet::begin(&world, "a").await, Tablet::begin(&world, "b").await, Tablet::begin(&world, "c").await);
    assert_eq!(office.host(type_in(&used.code, world.wakaba)).await.status, 200);
    let mut answers = vec![];
    answers.push(office.host(type_in(&used.code, world.wakaba)).await.whole());
    answers.push(office.host(type_in(&open.code, world.tsubame)).await.whole());
    answers.push(office.host(type_in(&open.code, world.id().into())).await.whole());
    let mut caregiver = world.browser(world.staff("阿部", world.wakaba, Role::Caregiver)).await;
    answers.push(caregiver.host(type_in(&open.code, world.wakaba)).await.whole());
    let child = world.child("みお", world.wakaba, world.usagi);
    let mut mother = world.browser(world.guardian("母", child)).await;
    answers.push(mother.host(type_in(&open.code, world.wakaba)).await.whole());
    answers.push(mother.host(json!({ "request": "pair_waiting" })).await.whole());
    world.pass_ms(10 * MINUTE_MS);
    for code in [old.code.as_str(), "000000", "", "１２３４５６", &"9".repeat(5_000)] {
        answers.push(office.host(type_in(code, world.wakaba)).await.whole());
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:#?}");
    assert!(answers[0].starts_with("404\n"), "{}", answers[0]);
    assert_eq!(old.poll(&world).await.said(), (404, "not_found".into()));
    assert_eq!(world.post("/v1/pair/poll", &json!({ "secret": "x" })).await.said(), (404, "not_found".into()));
}

#[tokio::test]
async fn whoever_types_five_wrong_codes_waits_and_colleagues_do_not() {
    let world = World::new().await;
    let (mut guessing, mut colleague) = (office(&world).await, office(&world).await);
    let tablet = Tablet::begin(&world, "うさぎ組 1").await;
    for _ in 0..5 {
        let wrong = if tablet.code == "000000" { "000001" } else { "000000" };
        assert_eq!(guessing.host(type_in(wrong, world.wakaba)).await.said(), (404, "not_found".into()));
    }
    assert_eq!(guessing.host(type_in(&tablet.code, world.wakaba)).await.said(), (403, "pin_locked".into()));
    assert_eq!(tablet.poll(&world).await.json()["paired"], false);
    assert_eq!(colleague.host(type_in(&tablet.code, world.wakaba)).await.status, 200);
}

#[tokio::test]
async fn a_guardian_pairs_an_own_phone_and_never_a_tablet_nor_staff_a_phone() {
    let world = World::new().await;
    let mut mother = world.browser(world.guardian("母", world.child("みお", world.wakaba, world.usagi))).await;
    let mut office = office(&world).await;
    let public_key = seal::DeviceKey::from_seed([8; 32]).public();
    let asked = json!({ "public_key": public_key, "name": "スマートフォン", "purpose": "personal" });
    let phone = world.post("/v1/pair", &asked).await.json();
    let code = phone["code"].as_str().unwrap();
    assert_eq!(office.host(json!({ "request": "pair_waiting" })).await.json()["devices"], json!([]));
    // a code that somebody sends to the office never opens the office's own rights
    assert_eq!(office.host(type_in(code, world.wakaba)).await.said(), (404, "not_found".into()));
    assert_eq!(mother.host(type_in(code, world.wakaba)).await.status, 200);
    let paired = world.post("/v1/pair/poll", &json!({ "secret": phone["secret"] })).await;
    assert!(paired.json()["person"].is_string(), "{}", paired.text);
}

#[tokio::test]
async fn a_tablet_that_is_taken_back_gets_nothing_any_more() {
    let world = World::new().await;
    world.child("みお", world.wakaba, world.usagi);
    let mut office = office(&world).await;
    let tablet = Tablet::begin(&world, "うさぎ組 1").await;
    office.host(type_in(&tablet.code, world.wakaba)).await;
    let token = tablet.token(&world).await;
    let first = sync(&world, &token).await.json();
    let device = world.hub().device_of(&token).unwrap().device;

    // the record alone, as an office or a restored note says it, is enough
    world.set(device.0, "retired", world.today());
    let asked =
        json!({ "epoch": first["epoch"], "cursor": first["cursor"], "notes_seen": 0, "notes": [], "app": "0.1.0" });
    let reply = Reply::of(world.request("POST", "/v1/sync").bearer_auth(&token).json(&asked)).await.json();
    assert_eq!((&reply["page"], &reply["notes"]), (&json!([]), &json!([])));
    assert!(!reply["lost"].as_array().unwrap().is_empty(), "told to erase what it holds: {reply}");
    let anew = sync(&world, &token).await;
    assert!(!anew.text.contains("みお"), "{}", anew.text);

    world.hub().sign_out_device(device, world.now()).unwrap();
    assert_eq!(sync(&world, &token).await.said(), (401, "signed_out".into()));
    let pokes = Reply::of(world.request("GET", "/v1/pokes").bearer_auth(&token)).await;
    assert_eq!(pokes.said(), (401, "signed_out".into()));
}

#[tokio::test]
async fn a_device_that_is_no_device_begins_no_pairing() {
    let world = World::new().await;
    let key = seal::DeviceKey::from_seed([7; 32]).public();
    for asked in [
        json!({ "public_key": "x", "name": "a" }),
        json!({ "public_key": &key[1..], "name": "a" }),
        json!({ "public_key": "g".repeat(64), "name": "a" }),
        json!({ "public_key": key, "name": "" }),
        json!({ "public_key": key, "name": "あ".repeat(1_000) }),
        json!({ "public_key": key, "name": "a", "purpose": "director" }),
        json!({ "public_key": 5, "name": "a" }),
    ] {
        let reply = world.post("/v1/pair", &asked).await;
        assert!((400..423).contains(&reply.status), "{asked}: {}", reply.status);
        assert_eq!(reply.code(), "bad_input", "{asked}");
    }
}
