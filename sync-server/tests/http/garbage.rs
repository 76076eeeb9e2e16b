//! Garbage at every endpoint: a code and a sentence, never a fault of the server, never a hang.

use super::asked::{everything, filled};
use super::world::{Reply, World};
use nursery::people::Role;
use reqwest::Method;
use serde_json::{Value, json};
use sync_server::doors;

/// Every door, and one that is none, with the method that each takes.
fn routes() -> Vec<(Method, &'static str)> {
    let doors = doors().into_iter().map(|door| (door.method, door.path));
    doors.chain([(Method::GET, "/v1/nothing")]).collect()
}

/// Whoever may stand before a door: nobody, a guardian, somebody of the office, a tablet, and who only says so.
async fn callers(world: &World) -> Vec<(&'static str, String)> {
    let mother = world.guardian("母", world.child("みお", world.wakaba, world.usagi));
    let office = world.staff("事務", world.wakaba, Role::Office);
    let key = seal::DeviceKey::from_seed([3; 32]).public();
    let purpose = nursery::devices::Purpose::ClassTablet;
    let (_, token) = world.hub().admit(world.wakaba.0, purpose, "うさぎ組 1", &key, world.now()).unwrap();
    vec![
        ("x-nobody", "1".to_owned()),
        ("cookie", world.browser(mother).await.cookie.unwrap()),
        ("cookie", world.browser(office).await.cookie.unwrap()),
        ("cookie", "sazanami=garbage; sazanami=; =; ;;;".to_owned()),
        ("authorization", format!("Bearer {token}")),
        ("authorization", "Bearer garbage".to_owned()),
        ("authorization", "Basic Og==".to_owned()),
    ]
}

fn bodies(world: &World) -> Vec<Vec<u8>> {
    let id = world.id();
    let nested = |open: &str, shut: &str| format!("{}{}", open.repeat(5_000), shut.repeat(5_000));
    let mut bodies: Vec<Vec<u8>> = vec![
        b"".into(),
        b"{".into(),
        b"null".into(),
        b"[]".into(),
        b"\"x\"".into(),
        b"{}".into(),
        b"1e999".into(),
        b"\0".into(),
        b"\xff\xfe\xfa".into(),
        b"{\"query\":\"me\"".into(),
        b"{\"query\":\"me\"}{\"query\":\"me\"}".into(),
        "{\"query\":\"\u{202e}me\"}".into(),
        b"{\"query\":\"\\ud800\"}".into(),
        b"\xa1equeryame".into(), // CBOR
        zstd::encode_all(&b"{\"notes_seen\":0}"[..], 3).unwrap(),
        nested("[", "]").into(),
        nested("{\"a\":", "}").into(),
        format!("{{\"query\":{}}}", nested("[", "]")).into(),
        format!("{{\"batch\":{{\"letters\":[{{\"salt\":\"{}\",\"bytes\":{}}}]}}}}", "0".repeat(32), nested("[", "]"))
            .into(),
    ];
    let known = [
        json!({ "query": "no such" }),
        json!({ "query": "me", "query2": {} }),
        json!({ "query": "child_sheet", "facility": id, "child": id }),
        json!({ "query": "child_sheet", "facility": 5, "child": [] }),
        json!({ "query": "receipt", "announcement": id }),
        json!({ "query": "open_ends", "facility": world.wakaba, "day": "2026-02-31" }),
        json!({ "query": "open_ends", "facility": world.wakaba, "day": "-9999-01-01" }),
        json!({ "query": "open_ends", "facility": world.wakaba, "day": "9999-12-31" }),
        json!({ "query": "board", "place": { "place": "class", "facility": "not an id", "class": id } }),
        json!({ "command": { "command": "arrive", "facility": id, "children": [id] } }),
        json!({ "command": { "command": "arrive", "facility": world.wakaba, "children": vec![id; 1_000] } }),
        json!({ "command": { "command": "arrive", "facility": world.wakaba, "children": [] } }),
        json!({ "command": { "command": "void", "record": id, "reason": "x" } }),
        json!({ "command": { "command": "undo", "records": vec![id; 500] } }),
        json!({ "command": { "command": "decide_join", "guardianship": id, "confirm": true }, "person": id, "pin": "x" }),
        json!({ "command": { "command": "second_count", "head_count": id, "count": 70_000 } }),
        json!({ "command": { "command": "correct_punch", "facility": world.wakaba, "child": id, "day": "9999-12-31",
                             "sort": "arrival", "at": "99:99", "reason": "" } }),
        json!({ "request": "no such" }),
        json!({ "request": "pair_confirm", "code": "000000", "facility": id }),
        json!({ "request": "join", "server": "", "token": "0".repeat(26), "name": "", "kana": "", "relation": "", "phone": "" }),
        json!({ "request": "choose_person", "person": id, "pin": "0000" }),
        json!({ "request": "dismiss", "change": id }),
        json!({ "token": "" }),
        json!({ "token": "x".repeat(5_000) }),
        json!({ "token": { "$ne": null } }),
        json!({ "secret": "x" }),
        json!({ "public_key": "0".repeat(64), "name": "\u{0}\u{202e}" }),
        json!({ "epoch": id, "cursor": "garbage", "batch": { "incarnation": id, "number": 1, "letters": [], "signature": "zz" } }),
        json!({ "notes_seen": -1 }),
        json!({ "notes_seen": u64::MAX, "notes": [], "app": "0.1.0", "room": 0 }),
        json!({ "notes_seen": 0, "notes": [{ "number": 1, "what": "{}", "signature": "" }], "app": "" }),
        json!({ "notes_seen": 0, "notes": [], "app": "x".repeat(10_000) }),
    ];
    let asked = everything().into_iter().map(|(_, template)| filled(&template, |_| id));
    bodies.extend(known.into_iter().chain(asked).map(|body| body.to_string().into_bytes()));
    bodies
}

/// What is wrong with an answer, if anything is.
fn wrong(reply: &Reply) -> Option<&'static str> {
    if reply.status >= 500 {
        return Some("a fault of the server");
    }
    if reply.status < 400 {
        return None;
    }
    let Ok(told) = serde_json::from_str::<Value>(&reply.text) else { return Some("no JSON") };
    let text = |field: &str| told[field].as_str().unwrap_or_default().len();
    if text("code") == 0 || text("message") < 10 || text("support") != 6 {
        return Some("no code, no sentence or no number");
    }
    (reply.header("content-type") != Some("application/json")).then_some("another type")
}

#[tokio::test]
async fn garbage_at_every_door_gets_a_code_and_a_sentence() {
    let world = World::new().await;
    let bodies = bodies(&world);
    let mut found = vec![];
    let mut refused = 0;
    for (name, value) in callers(&world).await {
        for (_, path) in routes().iter().filter(|(method, _)| *method == Method::POST) {
            for body in &bodies {
                let request = world.request("POST", path).header(name, &value);
                let reply = Reply::of(request.header("content-type", "application/json").body(body.clone())).await;
                refused += usize::from(reply.status >= 400);
                if let Some(wrong) = wrong(&reply) {
                    let body = String::from_utf8_lossy(&body[..body.len().min(80)]).into_owned();
                    found.push(format!("{wrong}: {} {path} as {name} {value}: {body}: {}", reply.status, reply.text));
                }
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
    assert!(refused > 2_000, "only {refused} were garbage");
    assert_eq!(Reply::of(world.request("GET", "/v1/health")).await.status, 200);
}

#[tokio::test]
async fn only_the_methods_and_types_of_a_door_are_let_in() {
    let world = World::new().await;
    let callers = callers(&world).await;
    for (right, path) in routes() {
        for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"] {
            if method == right.as_str() || (right == Method::GET && method == "HEAD") {
                continue;
            }
            for (name, value) in &callers {
                let request = world.request(method, path).header(*name, value).body("{}");
                let reply = Reply::of(request.header("content-type", "application/json")).await;
                assert!((400..500).contains(&reply.status), "{method} {path}: {}", reply.status);
                assert!(method == "HEAD" || wrong(&reply).is_none(), "{method} {path}: {}", reply.text);
            }
        }
    }
    for (name, value) in &callers {
        for kind in ["", "text/html", "application/cbor", "application/jsonx", "\u{7f}", "a;b;c=;;;"] {
            for (_, path) in routes().iter().filter(|(method, path)| *method == Method::POST && *path != "/v1/sync") {
                let mut request = world.request("POST", path).header(*name, value).body("{}");
                if let Ok(kind) = reqwest::header::HeaderValue::from_str(kind) {
                    request = request.header("content-type", kind);
                }
                let reply = Reply::of(request).await;
                assert!(matches!(reply.status, 401 | 415), "{path} {kind}: {}", reply.status);
                assert_eq!(wrong(&reply), None, "{path} {kind}: {}", reply.text);
            }
        }
    }
}

#[tokio::test]
async fn paths_that_lead_nowhere_or_out_of_the_house_are_not_found() {
    let world = World::new().await;
    for path in [
        "/",
        "/v1",
        "/v1/",
        "/v1/app",
        "/v2/sync",
        "/v1/sync/",
        "/v1//sync",
        "/v1/app/../sync",
        "/..%2f..%2fetc/passwd",
        "/%00",
        "/hub.db",
        "/keys.db",
        "/server.key",
        "/assets/../hub.db",
        "/v1/nothing?x=%ff",
    ] {
        for method in ["GET", "POST"] {
            let reply = Reply::of(world.request(method, path)).await;
            assert!(matches!(reply.status, 401 | 404 | 405), "{method} {path}: {}", reply.status);
            assert_eq!(wrong(&reply), None, "{method} {path}: {}", reply.text);
        }
    }
}

#[tokio::test]
async fn compressed_exchanges_that_are_no_whole_ones_are_refused() {
    let world = World::new().await;
    let callers = callers(&world).await;
    let (name, token) = callers.iter().find(|(name, value)| *name == "authorization" && value.len() > 20).unwrap();
    let whole = zstd::encode_all(&b"{\"notes_seen\":0,\"notes\":[],\"app\":\"0.1.0\"}"[..], 3).unwrap();
    let bomb = zstd::encode_all(std::io::repeat(b' ').take(64 << 20), 3).unwrap();
    let send = async |body: Vec<u8>| {
        let request = world.request("POST", "/v1/sync").header(*name, token).header("content-encoding", "zstd");
        Reply::of(request.body(body)).await
    };
    for cut in 0..whole.len() {
        assert_eq!(send(whole[..cut].to_vec()).await.said(), (400, "bad_input".into()), "cut at {cut}");
    }
    assert!(bomb.len() < 100_000);
    assert_eq!(send(bomb).await.said(), (413, "too_large".into()));
    assert_eq!(send(b"{\"notes_seen\":0}".to_vec()).await.said(), (400, "bad_input".into()));
    assert_eq!(send(whole).await.status, 200);
}

use std::io::Read as _;
