//! A small city with two nurseries, its server on a socket, and people with browsers and apps.

use hub::Hub;
use nursery::access::Standing;
use nursery::clock::{DEFAULT_BOUNDARY, service_day};
use nursery::core::{Clock as Known, Composer, Ids, Kind, Moment, Proof, Records as _, Who};
use nursery::devices::Invitation;
use nursery::ids::{ChildId, ClassId, FacilityId, MunicipalityId, facility_year};
use nursery::people::{Assignment, Child, Guardianship, Joining, Names, Person, Placement, Role, SightRight};
use nursery::place::{ClassGroup, Facility, Municipality};
use nursery::server::SYSTEM;
use records::{Day, DeviceId, DeviceTime, FeedId, GrantsVersion, PersonId, RecordId, ServerTime, Subject, Write};
use reqwest::header::{HeaderMap, HeaderName};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use sync_server::{Clock, Server, Setting, invitation_id, new_token, router};
use uuid::Uuid;

/// 2026-11-24 08:00 in Japan.
pub const MORNING_MS: i64 = 1_795_474_800_000;
pub const MINUTE_MS: i64 = 60_000;
pub const DAY_MS: i64 = 86_400_000;

pub struct World {
    pub server: Server,
    pub base: String,
    pub city: MunicipalityId,
    pub wakaba: FacilityId,
    pub tsubame: FacilityId,
    pub usagi: ClassId,
    pub kuma: ClassId,
    hands: Arc<AtomicI64>,
    ids: Counting,
    client: reqwest::Client,
    folder: tempfile::TempDir,
}

struct Counting(AtomicU64);

impl Counting {
    fn id(&self) -> Uuid {
        let mut bytes = [0; 10];
        bytes[2..].copy_from_slice(&self.0.fetch_add(1, Ordering::Relaxed).to_be_bytes());
        uuid::Builder::from_unix_timestamp_millis(1_790_000_000_000, &bytes).into_uuid()
    }
}

struct NewIds<'a>(&'a Counting);

impl Ids for NewIds<'_> {
    fn next(&mut self) -> Uuid {
        self.0.id()
    }
}

impl World {
    /// A city with two nurseries of one class each, on the morning of 2026-11-24, and nobody at the doors yet.
    pub async fn new() -> Self {
        // doors that let many try, so that what lies behind them is reached
        Self::with(Setting { knocks: 1_000_000, ..Setting::default() }).await
    }

    pub async fn with(setting: Setting) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let hands = Arc::new(AtomicI64::new(MORNING_MS));
        let hub = Hub::open(folder.path(), [1; 32], ServerTime(MORNING_MS)).unwrap();
        let setting = Setting { clock: Clock::moved_by(Arc::clone(&hands)), ..setting };
        let server = Server::new(hub, folder.path(), setting).unwrap();
        let base = listen(&server).await;
        let ids = Counting(AtomicU64::new(1));
        let id = || ids.id();
        let (city, wakaba, tsubame) = (id().into(), id().into(), id().into());
        let (usagi, kuma) = (id().into(), id().into());
        let client = client();
        let world = Self { server, base, city, wakaba, tsubame, usagi, kuma, hands, ids, client, folder };
        world.found();
        world
    }

    /// Everything that the server keeps.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// The city is served from another folder from now on, at another address: its old server is lost.
    pub async fn serve_from(&mut self, folder: tempfile::TempDir) {
        let hub = Hub::open(folder.path(), [3; 32], self.now()).unwrap();
        let clock = Clock::moved_by(Arc::clone(&self.hands));
        let setting = Setting { clock, knocks: 1_000_000, ..Setting::default() };
        self.server = Server::new(hub, folder.path(), setting).unwrap();
        self.base = listen(&self.server).await;
        self.folder = folder;
    }

    fn found(&self) {
        let city = Municipality { name: Some("みなと市".into()), ..Municipality::default() };
        self.make_as(self.city, city, vec![]);
        for (id, name) in [(self.wakaba, "わかば保育園"), (self.tsubame, "つばめ保育園")] {
            self.make_as(id, Facility { name: Some(name.into()), ..Facility::default() }, vec![]);
        }
        for (id, facility, name) in [(self.usagi, self.wakaba, "うさぎ組"), (self.kuma, self.tsubame, "くま組")]
        {
            let class = ClassGroup { facility, name: Some(name.into()), ..ClassGroup::default() };
            let keys = class.key_ids();
            self.make_as(id, class, keys);
        }
    }

    pub fn now(&self) -> ServerTime {
        ServerTime(self.hands.load(Ordering::Relaxed))
    }
    pub fn pass_ms(&self, ms: i64) {
        self.hands.fetch_add(ms, Ordering::Relaxed);
    }
    pub fn today(&self) -> Day {
        service_day(DeviceTime(self.now().0), DEFAULT_BOUNDARY)
    }
    pub fn id(&self) -> Uuid {
        self.ids.id()
    }
    pub fn hub(&self) -> &Hub {
        self.server.hub()
    }
    fn feed(&self) -> FeedId {
        self.city.into()
    }

    // ── people ──

    pub fn person(&self, name: &str) -> PersonId {
        let id = PersonId(self.id());
        self.make_as(id.0, Person { names: named(name), ..Person::default() }, vec![]);
        id
    }
    pub fn staff(&self, name: &str, facility: FacilityId, role: Role) -> PersonId {
        let person = self.person(name);
        let from = "2026-04-01".parse().ok();
        let new = Assignment { person: person.0, facility, role: Some(role), from, ..Assignment::default() };
        let keys = new.key_ids();
        self.make(person.0, new, keys);
        person
    }
    pub fn child(&self, name: &str, facility: FacilityId, class: ClassId) -> ChildId {
        let id: ChildId = self.id().into();
        self.make_as(id, Child { names: named(name), birth: "2023-05-05".parse().ok(), ..Child::default() }, vec![]);
        let from = "2026-04-01".parse().ok();
        let new = Placement { child: id, facility, class, from, ..Placement::default() };
        let keys = new.key_ids();
        self.make(id, new, keys);
        id
    }
    pub fn guard(&self, person: PersonId, child: ChildId, joining: Joining) -> RecordId {
        let new = Guardianship {
            child,
            person: person.0,
            relation: Some("mother".into()),
            sight: Some(SightRight::Full),
            pickup: Some(true),
            joining: Some(joining),
            ..Guardianship::default()
        };
        let keys = new.key_ids();
        self.make(child, new, keys)
    }
    pub fn guardian(&self, name: &str, child: ChildId) -> PersonId {
        let person = self.person(name);
        self.guard(person, child, Joining::Confirmed);
        person
    }
    /// An invitation as the office's paper has it; `person` is whom the office meant, or nil.
    pub fn invitation(&self, child: ChildId, facility: FacilityId, person: Uuid) -> String {
        let token = new_token().unwrap();
        let expires = Some(DeviceTime(self.now().0).plus_ms(14 * DAY_MS));
        let token_hash = Some(seal::token_hash(&token).to_string());
        let new = Invitation { child, facility, person, token_hash, expires, ..Invitation::default() };
        let keys = new.key_ids();
        self.write(|c| c.make_as(invitation_id(&token), self.feed(), child.into(), None, new, keys).map(drop));
        token
    }

    // ── writing as the server ──

    pub fn make_as<K: Kind>(&self, id: impl Into<Uuid>, new: K, keys: Vec<Uuid>) {
        let (id, feed) = (id.into(), self.feed());
        let own = K::NAME == "child" || K::NAME == "person";
        let subject = if own { Subject(id) } else { facility_year(feed, self.today()) };
        self.write(|c| c.make_as(RecordId(id), feed, subject, None, new, keys).map(drop));
    }
    pub fn make<K: Kind>(&self, subject: impl Into<Uuid>, new: K, keys: Vec<Uuid>) -> RecordId {
        self.make_in(self.feed(), subject, None, new, keys)
    }
    pub fn make_in<K: Kind>(
        &self,
        feed: FeedId,
        subject: impl Into<Uuid>,
        day: Option<Day>,
        new: K,
        keys: Vec<Uuid>,
    ) -> RecordId {
        let subject = Subject(subject.into());
        self.write(|c| c.make(feed, subject, day, new, keys))
    }
    /// Sets one field, knowing its present value.
    pub fn set(&self, id: impl Into<Uuid>, field: &str, value: impl serde::Serialize) {
        let record = self.hub().records().unwrap().get(RecordId(id.into())).unwrap().unwrap();
        let value = serde_json::to_value(value).ok();
        let write = Write { field: field.to_owned(), value, over: record.seen(field) };
        self.write(|c| {
            c.write(record.head.clone(), vec![write]);
            Ok(())
        });
    }
    fn write<T>(&self, compose: impl FnOnce(&mut Composer<'_, '_>) -> Result<T, nursery::core::Refusal>) -> T {
        let who =
            Who { device: DeviceId(SYSTEM.0), person: Some(SYSTEM), standing: Standing::default(), proof: Proof::Own };
        let (at, clock, basis) = (DeviceTime(self.now().0), Known::default(), GrantsVersion(0));
        let mut ids = NewIds(&self.ids);
        let mut moment = Moment { at, clock, basis, app: "0.1.0", ids: &mut ids };
        let mut composer = Composer::new(&who, SYSTEM, &mut moment);
        let out = compose(&mut composer).unwrap();
        let done = self.hub().system(composer.finish().changes, self.now()).unwrap();
        assert_eq!(done.refused(), None, "the city itself is not accepted");
        out
    }

    // ── asking ──

    /// A browser that nobody has signed in.
    pub fn stranger(&self) -> Browser {
        Browser { base: self.base.clone(), client: self.client.clone(), cookie: None }
    }
    /// A browser signed in by a link, as an operator prints it.
    pub async fn browser(&self, person: PersonId) -> Browser {
        let token = self.hub().link_make(person, DAY_MS, self.now()).unwrap();
        let mut browser = self.stranger();
        let reply = browser.sign_in(&token).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        browser
    }
    /// A request by hand.
    pub fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        self.client.request(method.parse().unwrap(), format!("{}{path}", self.base))
    }
    pub async fn post(&self, path: &str, body: &Value) -> Reply {
        Reply::of(self.request("POST", path).json(body)).await
    }
}

/// A client like that of an app. Built with the whole workspace it wants to be told whose TLS it has, used or not.
pub fn client() -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default(); // a second call finds it installed
    reqwest::Client::new()
}

async fn listen(server: &Server) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let service = router(server, None).into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await });
    base
}

fn named(name: &str) -> Option<Names> {
    Some(Names { legal: name.to_owned(), ..Names::default() })
}

/// One browser: it keeps its cookie.
#[derive(Clone)]
pub struct Browser {
    base: String,
    client: reqwest::Client,
    pub cookie: Option<String>,
}

impl Browser {
    pub async fn sign_in(&mut self, token: &str) -> Reply {
        let reply = self.post("/v1/app/sign-in", &json!({ "token": token })).await;
        self.keep(&reply);
        reply
    }
    pub async fn ask(&self, query: Value) -> Reply {
        self.post("/v1/app/ask", &query).await
    }
    pub async fn act(&self, order: Value) -> Reply {
        self.post("/v1/app/act", &order).await
    }
    /// A request of the host; a cookie that comes is kept.
    pub async fn host(&mut self, request: Value) -> Reply {
        let reply = self.post("/v1/app/host", &request).await;
        self.keep(&reply);
        reply
    }
    pub async fn post(&self, path: &str, body: &Value) -> Reply {
        Reply::of(self.request("POST", path).json(body)).await
    }
    pub fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        let request = self.client.request(method.parse().unwrap(), format!("{}{path}", self.base));
        match &self.cookie {
            Some(cookie) => request.header("cookie", cookie),
            None => request,
        }
    }
    fn keep(&mut self, reply: &Reply) {
        if let Some(cookie) = reply.headers.get("set-cookie") {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            self.cookie = (!pair.ends_with('=')).then(|| pair.to_owned());
        }
    }
    /// Children that its guardian's home shows.
    pub async fn children(&self) -> Vec<Value> {
        let reply = self.ask(json!({ "query": "guardian_home" })).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        reply.json()["view"]["children"].as_array().unwrap().clone()
    }
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
}

impl Reply {
    pub async fn of(request: reqwest::RequestBuilder) -> Self {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Self { status, headers, text: response.text().await.unwrap() }
    }
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("{} is no JSON", self.text))
    }
    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }
    /// Status and code, or the status alone where it was done.
    pub fn said(&self) -> (u16, String) {
        (self.status, if self.status == 200 { String::new() } else { self.code() })
    }
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
    /// Everything that could tell one answer from another: status, headers and bytes, but for the date, and for the
    /// number that every request has of its own.
    pub fn whole(&self) -> String {
        let number = self.json()["support"].as_str().unwrap_or("?").to_owned();
        let headers = self.headers.iter().filter(|(name, _)| *name != HeaderName::from_static("date"));
        let mut headers: Vec<String> = headers.map(|(name, value)| format!("{name}: {value:?}")).collect();
        headers.sort();
        format!("{}\n{}\n{}", self.status, headers.join("\n"), self.text.replace(&number, "NUMBER"))
    }
}
