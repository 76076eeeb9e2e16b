//! The driver against a server on this machine's loopback, over real sockets.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]
#![cfg(feature = "driver")]

mod world;

use nursery::view::host::SyncWord;
use replica::driver::{Address, Driver, Status};
use replica::engine::Talk;
use replica::{Device, Fault, Pace};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use world::{Folder, Keyring, Server, Tablet, act, note};

/// What the server answers instead of a reply: status line and body.
type Instead = Option<(&'static str, &'static str)>;

struct Loopback {
    server: Arc<Mutex<Server>>,
    instead: Arc<Mutex<Instead>>,
    pokes: Arc<Mutex<Vec<TcpStream>>>,
    address: String,
}

impl Loopback {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let this = Self {
            server: Arc::new(Mutex::new(Server::new())),
            instead: Arc::default(),
            pokes: Arc::default(),
            address: format!("http://{}", listener.local_addr().unwrap()),
        };
        let (server, instead, pokes) = (this.server.clone(), this.instead.clone(), this.pokes.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                serve(stream, &server, &instead, &pokes);
            }
        });
        this
    }

    fn poke(&self) {
        for stream in self.pokes.lock().unwrap().iter_mut() {
            stream.write_all(b"data: {}\n\n").unwrap();
        }
    }
}

/// One request per connection.
fn serve(stream: TcpStream, server: &Mutex<Server>, instead: &Mutex<Instead>, pokes: &Mutex<Vec<TcpStream>>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut stream = stream;
    let mut head = String::new();
    while reader.read_line(&mut head).unwrap() > 2 {}
    let lower = head.to_lowercase();
    assert!(lower.contains("authorization: bearer secret"));
    if head.starts_with("GET /v1/pokes") {
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n: hello\n\n").unwrap();
        pokes.lock().unwrap().push(stream);
        return;
    }
    assert!(head.starts_with("POST /v1/sync") && lower.contains("content-encoding: zstd"));
    let length = lower.split("content-length: ").nth(1).unwrap().lines().next().unwrap().parse().unwrap();
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let (status, body) = match *instead.lock().unwrap() {
        Some((status, body)) => (status, body.as_bytes().to_vec()),
        None => {
            let exchange = serde_json::from_slice(&zstd::decode_all(&body[..]).unwrap()).unwrap();
            let reply = server.lock().unwrap().answer(&exchange);
            ("200 OK", zstd::encode_all(&serde_json::to_vec(&reply).unwrap()[..], 3).unwrap())
        }
    };
    let how = if status == "200 OK" { "content-encoding: zstd\r\n" } else { "" };
    let head = format!("HTTP/1.1 {status}\r\n{how}content-length: {}\r\nconnection: close\r\n\r\n", body.len());
    stream.write_all(&[head.as_bytes(), &body].concat()).unwrap();
}

struct Started {
    device: Arc<Device>,
    driver: Driver,
    _folder: Folder,
}

fn start(loopback: &Loopback) -> Started {
    let folder = Folder::new();
    let device = Device::open(&folder.0.join("store.db"), world::keys(1, 1), Box::new(Keyring::default())).unwrap();
    let device = Arc::new(device);
    let address = Address { server: loopback.address.clone(), token: "secret".into() };
    let driver =
        Driver::start(Arc::clone(&device), address, Arc::new(|| records::DeviceTime(world::TODAY_MS)), 7).unwrap();
    Started { device, driver, _folder: folder }
}

/// Waits until the status is as wanted; the limit only ends a test that would hang.
async fn until(driver: &Driver, wanted: impl FnMut(&Status) -> bool) {
    let mut status = driver.status();
    tokio::time::timeout(Duration::from_secs(30), status.wait_for(wanted)).await.unwrap().unwrap();
}

fn quiet(status: &Status) -> bool {
    status.talk == Talk::Idle && status.state.is_some_and(|s| s.word == SyncWord::Sent)
}

fn save(device: &Device, text: &str) {
    let change = Tablet::new(9).change(&note(1), "text", text, &[]);
    device.act(Pace::Now, |_, _| Ok::<_, Fault>(act(vec![change]))).unwrap();
}

#[tokio::test]
async fn what_is_saved_reaches_the_server_and_the_word_becomes_sent() {
    let loopback = Loopback::start();
    let started = start(&loopback);
    until(&started.driver, quiet).await;
    save(&started.device, "a");
    until(&started.driver, |s| quiet(s) && loopback.server.lock().unwrap().applied.len() == 1).await;
    started.driver.stop().await;
}

#[tokio::test]
async fn a_poke_brings_what_others_wrote() {
    let loopback = Loopback::start();
    let started = start(&loopback);
    until(&started.driver, quiet).await;
    let (heard, mut hears) = tokio::sync::mpsc::unbounded_channel();
    started.device.listen(Box::new(move |touched, _| drop(heard.send(touched.kinds.clone()))));
    let change = Tablet::new(2).change(&note(5), "text", "theirs", &[]);
    loopback.server.lock().unwrap().accept(&change);
    while loopback.pokes.lock().unwrap().is_empty() {
        tokio::task::yield_now().await; // the stream is being opened
    }
    loopback.poke();
    let kinds = tokio::time::timeout(Duration::from_secs(30), hears.recv()).await.unwrap().unwrap();
    assert!(kinds.contains("care_note"));
    started.driver.stop().await;
}

#[tokio::test]
async fn a_server_that_wants_a_sign_in_is_told_to_the_person_and_recording_goes_on() {
    let loopback = Loopback::start();
    *loopback.instead.lock().unwrap() = Some(("401 Unauthorized", r#"{"code":"sign_in"}"#));
    let started = start(&loopback);
    until(&started.driver, |s| s.talk == Talk::SignedOut).await;
    save(&started.device, "a");
    until(&started.driver, |s| s.state.is_some_and(|s| s.counts.waiting == 1)).await;
    *loopback.instead.lock().unwrap() = None;
    started.driver.signed_in(8);
    until(&started.driver, |s| quiet(s) && loopback.server.lock().unwrap().applied.len() == 1).await;
}

#[tokio::test]
async fn a_server_that_has_met_a_twin_gets_the_same_changes_under_a_new_incarnation() {
    let loopback = Loopback::start();
    *loopback.instead.lock().unwrap() = Some(("409 Conflict", r#"{"code":"new_incarnation"}"#));
    let started = start(&loopback);
    save(&started.device, "a");
    until(&started.driver, |s| s.talk == Talk::Waiting).await;
    *loopback.instead.lock().unwrap() = None;
    until(&started.driver, |s| quiet(s) && loopback.server.lock().unwrap().applied.len() == 1).await;
}
