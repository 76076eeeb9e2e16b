//! Signing in and out in a browser: the cookie, the session behind it, and pages of other sites.

use super::world::{Browser, DAY_MS, Reply, World};
use nursery::attendance::Punch;
use nursery::core::{Scan, collect};
use nursery::people::Role;
use reqwest::Method;
use serde_json::{Value, json};
use sync_server::doors;

const ME: &str = r#"{"query":"me"}"#;

async fn link(world: &World, person: records::PersonId) -> String {
    world.hub().link_make(person, DAY_MS, world.now()).unwrap()
}

async fn me(browser: &Browser) -> (u16, String) {
    browser.ask(serde_json::from_str(ME).unwrap()).await.said()
}

fn out() -> (u16, String) {
    (401, "signed_out".into())
}

#[tokio::test]
async fn the_cookie_is_for_no_script_no_other_site_and_no_open_line() {
    let world = World::new().await;
    let sato = world.staff("佐藤", world.wakaba, Role::Office);
    for (headers, name, secure) in [
        (vec![("host", "127.0.0.1:8700")], "sazanami=", ""),
        (vec![("host", "hoiku.example.jp")], "__Host-sazanami=", "; Secure"),
        (vec![("host", "127.0.0.1:8700"), ("x-forwarded-proto", "https")], "__Host-sazanami=", "; Secure"),
    ] {
        let token = link(&world, sato).await;
        let mut request = world.request("POST", "/v1/app/sign-in").json(&json!({ "token": token }));
        for (name, value) in &headers {
            request = request.header(*name, *value);
        }
        let reply = Reply::of(request).await;
        let cookie = reply.header("set-cookie").unwrap();
        let rest = format!("; Path=/; Max-Age=2592000; HttpOnly; SameSite=Strict{secure}");
        let value = cookie.strip_prefix(name).unwrap().strip_suffix(&rest).unwrap_or_else(|| panic!("{cookie}"));
        assert_eq!(value.len(), 43, "256 random bits");
        assert!(!reply.text.contains(value), "only the cookie holds the token");
        assert_eq!(reply.header("cache-control"), Some("no-store"));
    }
}

#[tokio::test]
async fn a_session_that_was_slipped_in_is_not_the_one_that_is_signed_in() {
    let world = World::new().await;
    let (sato, thief) =
        (world.staff("佐藤", world.wakaba, Role::Office), world.staff("悪", world.tsubame, Role::Caregiver));
    let mut stranger = world.stranger();
    stranger.cookie = Some("sazanami=fixed".into());
    let theirs = world.browser(thief).await;
    for planted in [stranger, theirs] {
        let before = planted.clone();
        let mut browser = planted;
        assert_eq!(browser.sign_in(&link(&world, sato).await).await.status, 200);
        assert_ne!(browser.cookie, before.cookie);
        assert_eq!(me(&before).await, out(), "whoever knows the earlier token has nothing of it");
        assert_eq!(me(&browser).await.0, 200);
    }
}

#[tokio::test]
async fn a_link_that_opens_nothing_gets_one_answer_and_takes_nothing_away() {
    let world = World::new().await;
    let sato = world.staff("佐藤", world.wakaba, Role::Office);
    let (used, late) = (link(&world, sato).await, link(&world, sato).await);
    let mut browser = world.stranger();
    browser.sign_in(&used).await;
    world.pass_ms(DAY_MS);
    let mut answers = vec![];
    for token in [used.as_str(), &late, "", "x", "さざなみ", &"A".repeat(10_000)] {
        answers.push(browser.sign_in(token).await.whole());
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:#?}");
    assert!(answers[0].starts_with("410\n") && !answers[0].contains("set-cookie"), "{}", answers[0]);
    assert_eq!(me(&browser).await.0, 200, "the session that stood stays");
}

#[tokio::test]
async fn signing_out_ends_the_session_and_no_other() {
    let world = World::new().await;
    let sato = world.staff("佐藤", world.wakaba, Role::Office);
    let (mut here, there) = (world.browser(sato).await, world.browser(sato).await);
    let copied = here.clone();
    let reply = here.host(json!({ "request": "sign_out" })).await;
    assert_eq!(reply.status, 200);
    let cookie = reply.header("set-cookie").unwrap();
    assert_eq!(cookie, "sazanami=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict");
    assert_eq!((me(&copied).await, me(&there).await.0), (out(), 200));
    assert_eq!(here.host(json!({ "request": "sign_out" })).await.status, 200, "twice is no fault");
}

#[tokio::test]
async fn a_session_is_over_after_thirty_days() {
    let world = World::new().await;
    let browser = world.browser(world.staff("佐藤", world.wakaba, Role::Office)).await;
    world.pass_ms(30 * DAY_MS - 1);
    assert_eq!(me(&browser).await.0, 200);
    world.pass_ms(1);
    assert_eq!(me(&browser).await, out());
}

#[tokio::test]
async fn signing_out_everywhere_ends_every_session_and_its_stream() {
    let world = World::new().await;
    let sato = world.staff("佐藤", world.wakaba, Role::Office);
    let (here, there) = (world.browser(sato).await, world.browser(sato).await);
    let colleague = world.browser(world.staff("阿部", world.wakaba, Role::Caregiver)).await;
    let child = world.child("みお", world.wakaba, world.usagi);
    let mut stream = Stream::open(&here).await;
    assert_eq!(world.hub().sessions_close_all(sato, world.now()).unwrap(), 2);
    arrive(&world, &colleague, child).await;
    assert_eq!(stream.heard().await, None, "nothing is told to a session that is over");
    assert_eq!((me(&here).await, me(&there).await), (out(), out()));
    assert_eq!(me(&colleague).await.0, 200);
}

#[tokio::test]
async fn two_browsers_see_what_the_other_wrote_and_are_poked() {
    let world = World::new().await;
    let director = world.browser(world.staff("園長", world.wakaba, Role::Director)).await;
    let caregiver = world.browser(world.staff("阿部", world.wakaba, Role::Caregiver)).await;
    let child = world.child("みお", world.wakaba, world.usagi);
    let elsewhere = world.browser(world.staff("園長", world.tsubame, Role::Director)).await;
    let (mut stream, mut foreign) = (Stream::open(&director).await, Stream::open(&elsewhere).await);
    arrive(&world, &caregiver, child).await;
    assert_eq!(stream.heard().await.unwrap(), json!(["punch"]));
    let query = json!({ "query": "child_sheet", "facility": world.wakaba, "child": child });
    let sheet = director.ask(query).await;
    assert!(sheet.json()["view"].to_string().contains("08:00"), "{}", sheet.text);
    // the other nursery hears of its own, and only of that
    let kuma = world.child("そう", world.tsubame, world.kuma);
    let there = world.browser(world.staff("阿部", world.tsubame, Role::Caregiver)).await;
    assert_eq!(foreign.heard().await.unwrap(), json!([]), "rights have moved: a child came");
    let command = json!({ "command": "arrive", "facility": world.tsubame, "children": [kuma] });
    assert_eq!(there.act(json!({ "command": command })).await.status, 200);
    while let Some(heard) = foreign.heard().await {
        if heard == json!(["punch"]) {
            break;
        }
        assert_eq!(heard, json!([]));
    }
}

async fn arrive(world: &World, browser: &Browser, child: nursery::ids::ChildId) {
    let command = json!({ "command": "arrive", "facility": world.wakaba, "children": [child] });
    let reply = browser.act(json!({ "command": command })).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
}

/// A stream of pokes.
struct Stream {
    response: reqwest::Response,
    came: String,
}

impl Stream {
    /// Opens it and waits for its first mark: from then on everything is told.
    async fn open(browser: &Browser) -> Self {
        let response = browser.request("GET", "/v1/app/pokes").send().await.unwrap();
        assert_eq!(response.status().as_u16(), 200);
        let mut stream = Self { response, came: String::new() };
        assert_eq!(stream.event().await.unwrap(), "id: 1");
        stream
    }
    /// The kinds of the next event; nothing once the stream is over.
    async fn heard(&mut self) -> Option<Value> {
        let event = self.event().await?;
        let data = event.lines().find_map(|line| line.strip_prefix("data: "));
        Some(serde_json::from_str(data.unwrap_or_else(|| panic!("{event}"))).unwrap())
    }
    async fn event(&mut self) -> Option<String> {
        loop {
            if let Some((event, rest)) = self.came.split_once("\n\n") {
                let (event, rest) = (event.to_owned(), rest.to_owned());
                self.came = rest;
                return Some(event);
            }
            let chunk = self.response.chunk().await.unwrap()?;
            self.came.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }
}

#[tokio::test]
async fn what_a_page_of_another_site_sends_is_turned_away() {
    let world = World::new().await;
    let browser = world.browser(world.staff("阿部", world.wakaba, Role::Caregiver)).await;
    let child = world.child("みお", world.wakaba, world.usagi);
    let command = json!({ "command": "arrive", "facility": world.wakaba, "children": [child] });
    let order = json!({ "command": command });
    let own = world.base.clone();
    for foreign in [
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("origin", "http://127.0.0.1:1"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ] {
        for path in doors().into_iter().filter(|door| door.method == Method::POST).map(|door| door.path) {
            let reply = Reply::of(browser.request("POST", path).header(foreign.0, foreign.1).json(&order)).await;
            assert_eq!(reply.said(), (403, "not_allowed".into()), "{path} {foreign:?}");
        }
    }
    // a form of another site sends no JSON
    for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"] {
        let request = browser.request("POST", "/v1/app/act").header("content-type", kind).body(order.to_string());
        assert_eq!(Reply::of(request).await.said(), (415, "bad_input".into()), "{kind}");
    }
    let punches = || collect::<Punch>(&world.hub().records().unwrap(), &Scan::of::<Punch>()).unwrap().len();
    assert_eq!(punches(), 0, "nothing was written");
    let request = browser.request("POST", "/v1/app/act").header("origin", own).json(&order);
    assert_eq!(Reply::of(request).await.status, 200);
    assert_eq!(punches(), 1);
}
