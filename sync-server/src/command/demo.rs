//! `demo`: an invented city in a folder of its own, with ways in that stay the same until it begins anew.

use super::admin::composed;
use super::folder::{self, Folder};
use super::{Demo, control, serve, tablets};
use crate::chance;
use crate::clock::Clock;
use crate::links::Links;
use crate::pin::{self, Work};
use crate::qr;
use crate::server::Setting;
use anyhow::{Context, bail};
use demo::{City, Options};
use hub::Hub;
use jiff::civil::DateTime;
use nursery::clock::{DEFAULT_BOUNDARY, OFFSET_MS, service_day};
use nursery::core::Form;
use nursery::devices::Purpose;
use nursery::people::Person;
use records::{Change, DeviceId, DeviceTime, Head, PersonId, Seen, ServerTime, Write};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::io::IsTerminal;
use std::net::SocketAddr;
use std::path::Path;
use uuid::Uuid;

/// From this seed every demonstration is made, so that pictures of it are alike.
const SEED: u64 = 11;
/// Says that a folder is a demonstration's, and how to get in.
const FILE: &str = "demo.json";
/// For the desktop app.
const DEVICES: &str = "demo-devices.json";
/// Where the demonstration is mostly looked at.
const SITE: &str = "minato";
const CLASS: &str = "うさぎ組";
const MINUTE_MS: i64 = 60_000;
/// Open days before today that are in the books.
const PAST_DAYS: u16 = 3;
/// Changes of one transaction while the city is made.
const TOGETHER: usize = 200;

/// What a demonstration remembers.
#[derive(Serialize, Deserialize)]
struct Kept {
    made_at: ServerTime,
    doors: Vec<Door>,
    pins: Vec<Pin>,
    #[serde(default)]
    tablets: Vec<Awake>,
}

/// A class tablet of the books that is awake in the demonstration.
#[derive(Serialize, Deserialize)]
struct Awake {
    site: String,
    device: DeviceId,
}

/// One way in.
#[derive(Clone, Serialize, Deserialize)]
struct Door {
    key: String,
    who: String,
    person: PersonId,
    token: String,
}

#[derive(Serialize, Deserialize)]
struct Pin {
    who: String,
    pin: String,
}

/// A device that is paired already, as the desktop app reads it.
#[derive(Serialize)]
struct PairedDevice {
    server: String,
    device: DeviceId,
    token: String,
    seed_hex: String,
    purpose: Purpose,
    name: String,
    municipality: Uuid,
    person: Option<PersonId>,
    server_key: String,
    server_box_key: String,
}

/// Reads `2026-11-24 08:15` or `2026-11-24 08:15:40` as Japanese time.
pub fn moment(text: &str) -> Result<ServerTime, String> {
    let text = text.trim();
    let read = DateTime::strptime("%Y-%m-%d %H:%M", text).or_else(|_| DateTime::strptime("%Y-%m-%d %H:%M:%S", text));
    let local = read.map_err(|_| "a moment is written \"2026-11-24 08:15\"".to_owned())?;
    let utc = local.to_zoned(jiff::tz::TimeZone::UTC).map_err(|error| error.to_string())?;
    Ok(ServerTime(utc.timestamp().as_millisecond() - OFFSET_MS))
}

/// Makes the city if it is not there, says how to get in, and serves it.
pub fn demo(demo: &Demo) -> anyhow::Result<()> {
    let data = &demo.serving.data;
    let began = demo.at.map_or_else(Clock::system, Clock::starting_at);
    let folder = Folder::take_alone(data)?;
    if demo.reset {
        empty(data)?;
    }
    let kept = match std::fs::read(data.join(FILE)) {
        Ok(bytes) => Some(serde_json::from_slice(&bytes).with_context(|| format!("{FILE} cannot be read"))?),
        Err(_) if is_empty(data)? => None,
        Err(_) => bail!("{} holds something else; a demonstration needs a folder of its own", data.display()),
    };
    let hub = folder::open(&folder, data, began.now())?;
    let kept = match kept {
        Some(kept) => kept,
        None => make(&hub, data, began.now(), &demo.serving.socket())?,
    };
    // the time that the making took has not passed in the city
    let clock = demo.at.map_or(began, Clock::starting_at);
    let now = clock.now();
    let mut links = Links::default();
    for door in &kept.doors {
        links.add(&door.token, door.person);
    }
    let url = demo.serving.url.clone();
    moved(&data.join(DEVICES), &demo.serving.socket())?;
    let awake = awake(&kept, &demo.tablets_away)?;
    let server = serve::open(hub, data, Setting { clock, url: url.clone(), links, ..Setting::default() })?;
    tablets::wake(&server, &awake)?;
    let _socket = control::listen(&server, data)?;
    serve::run(server, &demo.serving, |address| {
        let base = url.unwrap_or_else(|| format!("http://{}", reachable(address)));
        print!("{}", welcome(&kept, &base, now));
    })
}

/// The tablets that pull: of each site that is not said to be away.
fn awake(kept: &Kept, away: &[String]) -> anyhow::Result<Vec<DeviceId>> {
    let sites: Vec<&str> = kept.tablets.iter().map(|tablet| tablet.site.as_str()).collect();
    if let Some(unknown) = away.iter().find(|site| !sites.contains(&site.as_str())) {
        bail!("no site is called {unknown}; there are {}", sites.join(", "));
    }
    Ok(kept.tablets.iter().filter(|tablet| !away.contains(&tablet.site)).map(|tablet| tablet.device).collect())
}

/// Removes what a demonstration made; refuses to touch anything else.
fn empty(data: &Path) -> anyhow::Result<()> {
    if is_empty(data)? {
        return Ok(());
    }
    if !data.join(FILE).exists() {
        bail!("{} is no demonstration's folder; nothing was removed", data.display());
    }
    for entry in std::fs::read_dir(data)? {
        let entry = entry?;
        if entry.file_name() != super::folder::LOCK && !entry.file_type()?.is_dir() {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

fn is_empty(data: &Path) -> anyhow::Result<bool> {
    let mut names = std::fs::read_dir(data)?.map(|entry| entry.map(|entry| entry.file_name()));
    names.try_fold(true, |empty, name| Ok(empty && name? == super::folder::LOCK))
}

fn make(hub: &Hub, data: &Path, now: ServerTime, socket: &SocketAddr) -> anyhow::Result<Kept> {
    tracing::info!("making the city; this takes a little while");
    let city = demo::city_with(SEED, DeviceTime(now.0), &Options { past_days: PAST_DAYS });
    for (at, changes) in in_time(&city, now) {
        hub.system(changes, at)?;
    }
    let names = people(&city);
    give_pins(hub, &city, &names, now)?;
    let devices = devices(hub, &city, now, socket)?;
    std::fs::write(data.join(DEVICES), serde_json::to_vec_pretty(&devices)?)?;
    let kept = Kept { made_at: now, doors: doors(&city)?, pins: pins(&city, &names), tablets: class_tablets(&city) };
    std::fs::write(data.join(FILE), serde_json::to_vec_pretty(&kept)?)?;
    Ok(kept)
}

/// The acts in the order of writing; those of today as they came, minute by minute, so that the server received each
/// when it was written.
fn in_time(city: &City, now: ServerTime) -> Vec<(ServerTime, Vec<Change>)> {
    let mut parts: Vec<(ServerTime, Vec<Change>)> = vec![];
    for act in &city.changes {
        let at = act.first().map_or(now.0, |change| change.at.0);
        let today = service_day(DeviceTime(at), DEFAULT_BOUNDARY) == city.today && at <= now.0;
        let minute = if today { at.div_euclid(MINUTE_MS) * MINUTE_MS } else { at.min(now.0) };
        match parts.last_mut() {
            Some((last, part)) if part.len() < TOGETHER && (!today || last.0 == minute) => {
                part.extend(act.iter().cloned());
            }
            _ => parts.push((ServerTime(minute), act.clone())),
        }
    }
    parts
}

/// The record of every person: head and name.
fn people(city: &City) -> HashMap<PersonId, (Head, String)> {
    let made = city.changes.iter().flatten().filter(|change| change.head.kind.as_str() == Person::NAME);
    made.map(|change| {
        let record = records::overlay(None, change);
        let person = Person::read(nursery::core::Meta::of(&record), &record);
        let name = person.names.map(|names| names.legal).unwrap_or_default();
        (PersonId(change.head.id.0), (change.head.clone(), name))
    })
    .collect()
}

fn give_pins(
    hub: &Hub,
    city: &City,
    people: &HashMap<PersonId, (Head, String)>,
    now: ServerTime,
) -> anyhow::Result<()> {
    let mut hashed = vec![];
    for (person, pin) in &city.pins {
        let Some((head, _)) = people.get(person) else { continue };
        let hash = pin::hash(pin, chance::bytes()?, Work::Little).context("a PIN cannot be hashed")?;
        hashed.push((head.clone(), Write { field: "pin".to_owned(), value: Some(hash.into()), over: Seen::new() }));
    }
    let changes = composed(now, |composer| {
        for (head, write) in hashed {
            composer.next_act();
            composer.write(head, vec![write]);
        }
        Ok(())
    });
    hub.system(changes?, now)?;
    Ok(())
}

/// A classroom tablet and a guardian's phone that need no pairing.
fn devices(
    hub: &Hub,
    city: &City,
    now: ServerTime,
    socket: &SocketAddr,
) -> anyhow::Result<HashMap<&'static str, PairedDevice>> {
    let site = city.facilities.iter().find(|site| site.key == SITE).context("the city lacks its first site")?;
    let guardian = city.people.guardian_of_two;
    let tablet = (site.facility.0, Purpose::ClassTablet, format!("{CLASS} 2"), None);
    let phone = (guardian.0, Purpose::Personal, "スマートフォン".to_owned(), Some(guardian));
    let mut all = HashMap::new();
    for (key, (owner, purpose, name, person)) in [("class_tablet", tablet), ("guardian_phone", phone)] {
        let seed: [u8; 32] = chance::bytes()?;
        let public = seal::DeviceKey::from_seed(seed).public();
        let (session, token) = hub.admit(owner, purpose, &name, &public, now)?;
        let (server_key, server_box_key) = hub.public_keys()?;
        let seed_hex = data_encoding::HEXLOWER.encode(&seed);
        let server = format!("http://{}", reachable(*socket));
        let (device, municipality) = (session.device, city.municipality.0);
        let server_box_key = server_box_key.to_string();
        let paired = PairedDevice {
            server,
            device,
            token,
            seed_hex,
            purpose,
            name,
            municipality,
            person,
            server_key,
            server_box_key,
        };
        all.insert(key, paired);
    }
    Ok(all)
}

/// The city may be served at another address than the one it was made at; its devices are told.
fn moved(file: &Path, socket: &SocketAddr) -> anyhow::Result<()> {
    let mut devices: HashMap<String, serde_json::Value> =
        serde_json::from_slice(&std::fs::read(file)?).with_context(|| format!("{DEVICES} cannot be read"))?;
    let server = serde_json::Value::from(format!("http://{}", reachable(*socket)));
    for device in devices.values_mut() {
        if let Some(device) = device.as_object_mut() {
            device.insert("server".to_owned(), server.clone());
        }
    }
    Ok(std::fs::write(file, serde_json::to_vec_pretty(&devices)?)?)
}

/// The first class tablet of each site.
fn class_tablets(city: &City) -> Vec<Awake> {
    let first = |facility| {
        let here = |tablet: &&demo::Tablet| tablet.facility == facility && tablet.purpose == Purpose::ClassTablet;
        city.tablets.iter().filter(here).find(|tablet| tablet.class.is_some()).map(|tablet| tablet.device)
    };
    let awake = |site: &demo::SiteIds| Some(Awake { site: site.key.to_owned(), device: first(site.facility)? });
    city.facilities.iter().filter_map(awake).collect()
}

fn doors(city: &City) -> anyhow::Result<Vec<Door>> {
    let people = city.people;
    let wanted = [
        ("office", "小野寺 恵 · みなと保育園 事務 (office)", people.office),
        ("director", "園長 · みなと保育園 (director)", people.director),
        ("caregiver", "阿部 真由 · みなと保育園 うさぎ組 (caregiver)", people.caregiver),
        ("city", "藤村 健 · 子育て支援課 (city)", people.city_officer),
        ("guardian", "みおちゃんとれんくんのお母さん (guardian of two)", people.guardian_of_two),
        ("guardian_two_sites", "ひまりちゃんとそうたくんのお母さん (two sites)", people.guardian_at_two_sites),
    ];
    let door = |(key, who, person): (&str, &str, PersonId)| {
        let token = crate::join::new_token()?;
        Ok(Door { key: key.to_owned(), who: who.to_owned(), person, token })
    };
    wanted.into_iter().map(door).collect()
}

/// PINs to try: those of the class and of the office.
fn pins(city: &City, people: &HashMap<PersonId, (Head, String)>) -> Vec<Pin> {
    let notable = city.people;
    let shown = [notable.caregiver, notable.second_caregiver, notable.lead_teacher, notable.director, notable.office];
    let pin_of = |person: &PersonId| city.pins.iter().find(|(of, _)| of == person).map(|(_, pin)| pin.clone());
    let pin = |person: &PersonId| Some(Pin { who: people.get(person)?.1.clone(), pin: pin_of(person)? });
    shown.iter().filter_map(pin).collect()
}

/// An address that a browser on this machine can open.
fn reachable(mut address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        address.set_ip(std::net::Ipv4Addr::LOCALHOST.into());
    }
    address
}

fn welcome(kept: &Kept, base: &str, now: ServerTime) -> String {
    use std::fmt::Write as _;
    let terminal = std::io::stdout().is_terminal();
    let day = service_day(DeviceTime(now.0), DEFAULT_BOUNDARY);
    let time = nursery::clock::time_on(day, DeviceTime(now.0));
    let mut text = format!(
        "\nさざなみ市 (invented) · {day} {time} · {base}\n\nSign in with any of these, as often as you like:\n\n"
    );
    for door in &kept.doors {
        let link = format!("{base}/signin#{}", door.token);
        let _ = writeln!(text, "  {}\n  {link}\n", door.who);
        if terminal {
            let _ = writeln!(text, "{}", qr::terminal(&link));
        }
    }
    let _ = writeln!(text, "PINs for trying, on the tablet and where a second person is asked for:\n");
    for Pin { who, pin } in &kept.pins {
        let _ = writeln!(text, "  {pin}  {who}");
    }
    let _ = writeln!(
        text,
        "\nA tablet: choose pairing in the app, sign in here as the office, and type the code that the tablet shows.\n\
         The desktop app opens paired with {DEVICES} in the data folder.\n"
    );
    if service_day(DeviceTime(kept.made_at.0), DEFAULT_BOUNDARY) != day {
        let _ = writeln!(text, "This city was made for another day. --reset begins it anew.\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_are_told_where_the_city_is_served_now() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(DEVICES);
        std::fs::write(&file, r#"{"class_tablet": {"server": "http://127.0.0.1:8700", "token": "t"}}"#).unwrap();
        moved(&file, &"0.0.0.0:8701".parse().unwrap()).unwrap();
        let told: serde_json::Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
        assert_eq!(told["class_tablet"]["server"], "http://127.0.0.1:8701");
        assert_eq!(told["class_tablet"]["token"], "t");
    }

    #[test]
    fn a_moment_is_read_as_japanese_time() {
        let at = moment("2026-11-24 08:15").unwrap();
        let day: records::Day = "2026-11-24".parse().unwrap();
        assert_eq!(at.0, nursery::clock::moment(day, records::TimeOfDay::hm(8, 15)).0);
        assert_eq!(moment("2026-11-24 08:15:40").unwrap().0, at.0 + 40_000);
        assert!(moment("24.11.2026").is_err());
    }
}
