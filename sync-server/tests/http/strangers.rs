//! Whoever is not signed in: one answer at every door that is not for anybody, whatever is brought.

use super::asked::{HOST, OPEN_REQUESTS, everything, filled};
use super::world::{DAY_MS, Reply, World};
use nursery::devices::Purpose;
use nursery::people::Role;
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use sync_server::doors;

/// Doors for anybody. A new door is for people and devices that are known, until it is named here.
const OPEN: [&str; 6] = ["/v1/health", "/v1/app/sign-in", "/v1/pair", "/v1/pair/poll", "/v1/join/look", "/v1/join"];

/// What somebody may bring who has no session: nothing, garbage, what opens another door, what opened one before.
async fn brought(world: &World) -> Vec<Vec<(&'static str, String)>> {
    let office = world.browser(world.staff("事務", world.wakaba, Role::Office)).await;
    let session = office.cookie.clone().unwrap();
    let mut over = office.clone();
    over.cookie = world.browser(world.staff("元職員", world.wakaba, Role::Caregiver)).await.cookie;
    let ended = over.cookie.clone().unwrap();
    assert_eq!(over.host(json!({ "request": "sign_out" })).await.status, 200);
    let key = seal::DeviceKey::from_seed([3; 32]).public();
    let admit = |name| world.hub().admit(world.wakaba.0, Purpose::ClassTablet, name, &key, world.now()).unwrap();
    let (tablet, lost) = (admit("うさぎ組 1"), admit("うさぎ組 2"));
    world.hub().sign_out_device(lost.0.device, world.now()).unwrap();
    let link = world.hub().link_make(world.person("佐藤"), DAY_MS, world.now()).unwrap();
    let invitation = world.invitation(world.child("みお", world.wakaba, world.usagi), world.wakaba, world.id());
    let value = |cookie: &str| cookie.split_once('=').unwrap().1.to_owned();
    let cookie = |value: &str| ("cookie", format!("sazanami={value}"));
    let bearer = |value: &str| ("authorization", format!("Bearer {value}"));
    vec![
        vec![],
        vec![("cookie", ended.clone())],
        vec![("cookie", session.replace("sazanami=", "__Host-sazanami="))],
        vec![cookie("garbage"), bearer("garbage")],
        vec![cookie(&tablet.1), bearer(&value(&session))], // each at the door of the other
        vec![cookie(&lost.1), bearer(&lost.1)],
        vec![cookie(&link), bearer(&link)],
        vec![cookie(&invitation), bearer(&invitation)],
        vec![("authorization", "Basic Og==".to_owned())],
    ]
}

async fn sent(world: &World, method: &Method, path: &str, headers: &[(&str, String)], body: Option<&Value>) -> Reply {
    let mut request = world.request(method.as_str(), path);
    for (name, value) in headers {
        request = request.header(*name, value);
    }
    Reply::of(match body {
        Some(body) => request.json(body),
        None => request,
    })
    .await
}

#[tokio::test]
async fn a_stranger_is_asked_to_sign_in_whatever_is_brought_and_whatever_is_wanted() {
    let world = World::new().await;
    let doors: Vec<_> = doors().into_iter().filter(|door| !OPEN.contains(&door.path)).collect();
    assert!(doors.len() >= 6);
    let asked: Vec<(&str, Value)> = everything()
        .into_iter()
        .map(|(path, template)| (path, filled(&template, |_| world.wakaba.0)))
        .filter(|(path, body)| *path != HOST || !OPEN_REQUESTS.contains(&body["request"].as_str().unwrap()))
        .collect();
    for headers in brought(&world).await {
        let mut answers = BTreeSet::new();
        for door in doors.iter().filter(|door| door.path != HOST) {
            let nothing = (door.method == Method::POST).then(|| json!({}));
            answers.insert(sent(&world, &door.method, door.path, &headers, nothing.as_ref()).await.whole());
        }
        for (path, body) in &asked {
            answers.insert(sent(&world, &Method::POST, path, &headers, Some(body)).await.whole());
        }
        assert_eq!(answers.len(), 1, "{headers:?}: {answers:#?}");
        let answer = answers.pop_first().unwrap();
        assert!(answer.starts_with("401\n") && answer.contains("signed_out"), "{headers:?}: {answer}");
    }
}

#[tokio::test]
async fn what_is_for_anybody_tells_a_stranger_nothing_of_anybody() {
    let world = World::new().await;
    let child = world.child("木村 みお", world.wakaba, world.usagi);
    world.guardian("木村 花", child);
    let bodies = everything().into_iter().map(|(_, template)| filled(&template, |_| child.0));
    let bodies: Vec<Value> = bodies.collect();
    for headers in brought(&world).await {
        for door in doors().into_iter().filter(|door| OPEN.contains(&door.path) || door.path == HOST) {
            for body in &bodies {
                let body = (door.method == Method::POST).then_some(body);
                let reply = sent(&world, &door.method, door.path, &headers, body).await;
                assert!(reply.status < 500, "{}: {}", door.path, reply.text);
                for word in ["木村", "みお", "わかば", "うさぎ"] {
                    assert!(!reply.text.contains(word), "{} {body:?}: {}", door.path, reply.text);
                }
            }
        }
    }
}

#[test]
fn the_page_of_the_protocol_names_every_door() {
    let page = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/protocol.md");
    let page = std::fs::read_to_string(page).unwrap();
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` | ")).map(|(door, _)| door);
    let told: BTreeSet<&str> = rows.filter(|door| door.contains(" /v1/")).collect();
    let doors: Vec<String> = doors().iter().map(|door| format!("{} {}", door.method, door.path)).collect();
    assert_eq!(told, doors.iter().map(String::as_str).collect());
}

#[tokio::test]
async fn what_opens_one_door_is_nothing_at_the_others_and_is_not_used_up_there() {
    let world = World::new().await;
    let invitation = world.invitation(world.child("みお", world.wakaba, world.usagi), world.wakaba, uuid::Uuid::nil());
    let link = world.hub().link_make(world.person("佐藤"), DAY_MS, world.now()).unwrap();
    let key = seal::DeviceKey::from_seed([7; 32]).public();
    let waits = world.post("/v1/pair", &json!({ "public_key": key, "name": "うさぎ組 1" })).await.json();
    let secret = waits["secret"].as_str().unwrap();
    let (_, device) = world.hub().admit(world.wakaba.0, Purpose::ClassTablet, "2", &key, world.now()).unwrap();
    let session = world.browser(world.person("阿部")).await.cookie.unwrap();
    let session = session.split_once('=').unwrap().1;
    let knock = async |path: &str, token: &str| {
        let form = json!({ "token": token, "secret": token, "name": "木村 花", "kana": "きむら はな", "relation": "mother",
                           "phone": "080-0000-0001" });
        world.post(path, &form).await
    };
    let doors = [
        ("/v1/pair/poll", secret),
        ("/v1/join/look", &invitation),
        ("/v1/join", &invitation),
        ("/v1/app/sign-in", &link),
    ];
    for (path, opens) in doors {
        let nothing = knock(path, "garbage").await.whole();
        for token in [&invitation, &link, secret, &device, session].into_iter().filter(|token| *token != opens) {
            assert_eq!(knock(path, token).await.whole(), nothing, "{path} {token}");
        }
    }
    for (path, opens) in doors {
        assert_eq!(knock(path, opens).await.status, 200, "{path}");
    }
}
