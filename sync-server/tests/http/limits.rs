//! How much, how often, how long.

use super::world::{Reply, World};
use nursery::people::Role;
use reqwest::Method;
use serde_json::json;
use std::time::Duration;
use sync_server::{Setting, doors};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

#[tokio::test]
async fn whoever_knocks_too_often_is_told_when_to_come_again() {
    let world = World::with(Setting { knocks: 3, ..Setting::default() }).await;
    let counted = doors().into_iter().filter(|door| door.counted).map(|door| (door.path, json!({ "token": "x" })));
    let joins = [
        json!({ "request": "join_look", "server": "", "token": "x" }),
        json!({ "request": "join", "server": "", "token": "x", "name": "", "kana": "", "relation": "", "phone": "" }),
    ];
    let all: Vec<_> = counted.chain(joins.map(|join| ("/v1/app/host", join))).collect();
    assert_eq!(all.len(), 7);
    for (path, body) in &all {
        for _ in 0..3 {
            assert_ne!(world.post(path, body).await.status, 429, "{path}");
        }
        let reply = world.post(path, body).await;
        assert_eq!(reply.said(), (429, "too_many".into()), "{path}");
        let wait: i64 = reply.header("retry-after").unwrap().parse().unwrap();
        world.pass_ms(wait * 1_000);
        assert_ne!(world.post(path, body).await.status, 429, "{path}: it came again when it was told to");
        world.pass_ms(60_000);
    }
}

#[tokio::test]
async fn one_household_that_knocks_too_often_shuts_no_other_out_and_no_session() {
    let world = World::with(Setting { knocks: 3, ..Setting::default() }).await;
    let office = world.browser(world.staff("事務", world.wakaba, Role::Office)).await;
    let knock = |address: &'static str| {
        let request = world.request("POST", "/v1/app/sign-in").header("x-forwarded-for", address);
        Reply::of(request.json(&json!({ "token": "x" })))
    };
    for _ in 0..3 {
        assert_eq!(knock("203.0.113.7").await.status, 410);
    }
    assert_eq!(knock("203.0.113.7").await.status, 429);
    assert_eq!(knock("198.51.100.1, 203.0.113.7").await.status, 429, "what a caller adds in front counts for nothing");
    assert_eq!(knock("203.0.113.8").await.status, 410);
    for _ in 0..20 {
        assert_eq!(office.ask(json!({ "query": "me" })).await.status, 200);
    }
}

#[tokio::test]
async fn what_is_larger_than_a_door_is_turned_away_at_it() {
    let world = World::new().await;
    let office = world.browser(world.staff("事務", world.wakaba, Role::Office)).await;
    let key = seal::DeviceKey::from_seed([3; 32]).public();
    let purpose = nursery::devices::Purpose::ClassTablet;
    let (_, token) = world.hub().admit(world.wakaba.0, purpose, "うさぎ組 1", &key, world.now()).unwrap();
    for door in doors().into_iter().filter(|door| door.method == Method::POST) {
        let (path, most) = (door.path, door.most_bytes);
        assert!(most <= 3 << 20, "{path}: {most}");
        // blanks, so that what fits is no sense but no flood either
        for (bytes, expected) in [(most, 400), (most + 1, 413)] {
            let request = office.request("POST", path).bearer_auth(&token).header("content-type", "application/json");
            let reply = Reply::of(request.body(" ".repeat(bytes))).await;
            assert_eq!(reply.status, expected, "{path} of {bytes}: {}", reply.text);
            assert_eq!(reply.code(), if expected == 413 { "too_large" } else { "bad_input" }, "{path}");
        }
    }
}

/// Sends bytes as they are; gives the first line of the answer, or nothing if the connection just ends.
async fn raw(world: &World, text: &str, close: bool) -> String {
    let mut stream = TcpStream::connect(world.base.trim_start_matches("http://")).await.unwrap();
    stream.write_all(text.as_bytes()).await.unwrap();
    if close {
        stream.shutdown().await.unwrap();
    }
    let mut answer = vec![];
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).lines().next().unwrap_or_default().to_owned()
}

/// Every door that reads a body.
fn paths() -> Vec<&'static str> {
    doors().into_iter().filter(|door| door.method == Method::POST).map(|door| door.path).collect()
}

#[tokio::test]
async fn a_body_that_is_cut_off_does_no_harm() {
    let world = World::new().await;
    let cookie = world.browser(world.staff("事務", world.wakaba, Role::Office)).await.cookie.unwrap();
    for path in paths() {
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: localhost\r\ncookie: {cookie}\r\ncontent-type: application/json\r\n"
        );
        for body in [
            "content-length: 100\r\n\r\n{\"query\":",
            "transfer-encoding: chunked\r\n\r\n5\r\n{\"que",
            "content-length: 9\r\n\r\n",
        ] {
            let first = raw(&world, &format!("{head}{body}"), true).await;
            assert!(first.is_empty() || first.starts_with("HTTP/1.1 4"), "{path} {body:?}: {first}");
        }
    }
    assert_eq!(Reply::of(world.request("GET", "/v1/health")).await.status, 200);
}

#[tokio::test]
async fn a_body_that_stops_coming_is_not_waited_for_without_an_end() {
    let world =
        World::with(Setting { knocks: 1_000, patience: Duration::from_millis(300), ..Setting::default() }).await;
    let cookie = world.browser(world.staff("事務", world.wakaba, Role::Office)).await.cookie.unwrap();
    let key = seal::DeviceKey::from_seed([3; 32]).public();
    let purpose = nursery::devices::Purpose::ClassTablet;
    let (_, token) = world.hub().admit(world.wakaba.0, purpose, "うさぎ組 1", &key, world.now()).unwrap();
    let stalled = paths().into_iter().map(|path| {
        let text = format!(
            "POST {path} HTTP/1.1\r\nhost: localhost\r\ncookie: {cookie}\r\nauthorization: Bearer {token}\r\n\
             content-type: application/json\r\ncontent-length: 100\r\n\r\n{{\"query\":"
        );
        let world = &world;
        async move { raw(world, &text, false).await }
    });
    for (path, first) in paths().into_iter().zip(futures_util::future::join_all(stalled).await) {
        assert_eq!(first, "HTTP/1.1 408 Request Timeout", "{path}");
    }
}
