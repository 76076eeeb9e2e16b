//! Joining: an invitation becomes a guardian who waits for the nursery's word. Until then a session or device sees
//! nothing.

use crate::chance::NewIds;
use crate::http::{Problem, SESSION_MS};
use crate::server::Server;
use data_encoding::Specification;
use hub::{HubRecords, Session, SignedIn, WebSession};
use nursery::access::{Principal, Standing};
use nursery::clock::{DEFAULT_BOUNDARY, service_day};
use nursery::core::{Act, Clock, Code, Composer, Fault, Moment, Proof, Records as _, Refusal, Scan, Who, collect, get};
use nursery::devices::{Device, Invitation, Purpose};
use nursery::ids::person_subject;
use nursery::people::{Assignment, Child, Guardianship, Joining as State, Names, Person, Placement};
use nursery::place::{Facility, Municipality};
use nursery::server::SYSTEM;
use nursery::view::host::{HostReply, Nursery};
use records::{DeviceId, DeviceTime, FeedId, GrantsVersion, PersonId, Record, RecordId, ServerTime, Value, Write};
use serde::Deserialize;
use uuid::Builder;

/// Letters of a reading, of a telephone number, and of a 続柄 at most.
const KANA_CHARS: usize = 100;
const PHONE_CHARS: usize = 30;
const RELATION_CHARS: usize = 40;
/// How long a device that got no answer may ask again.
const AGAIN_MS: i64 = 10 * 60_000;
/// Bytes of an invitation's token.
const TOKEN_BYTES: usize = 16;
/// Letters that are not mistaken for one another; 26 of them carry a token.
const LETTERS: &str = "0123456789abcdefghjkmnpqrstvwxyz";
const INVITATION: &str = "sazanami 2026-11 invitation id v1";

/// What somebody types to join.
#[derive(Clone, Debug, Deserialize)]
pub struct Joining {
    /// From link, QR or paper.
    pub token: String,
    /// As typed.
    pub name: String,
    /// Reading.
    pub kana: String,
    /// 続柄 code.
    pub relation: String,
    /// Number.
    pub phone: String,
}

/// A device that joins with its person.
#[derive(Clone, Debug)]
pub struct NewDevice {
    /// Ed25519, 64 hexadecimal letters.
    pub public_key: String,
    /// As people call it.
    pub name: String,
}

/// A new token: 128 random bits as 26 letters.
///
/// # Errors
/// As [`crate::chance::bytes`].
pub fn new_token() -> std::io::Result<String> {
    let bytes: [u8; TOKEN_BYTES] = crate::chance::bytes()?;
    Ok(letters().map(|letters| letters.encode(&bytes)).unwrap_or_default())
}

fn letters() -> Option<data_encoding::Encoding> {
    let mut specification = Specification::new();
    specification.symbols.push_str(LETTERS);
    // typed by hand: in any case, with or without the groups, and with the letters that look alike
    specification.translate.from.push_str("ABCDEFGHJKMNPQRSTVWXYZoOiIlL");
    specification.translate.to.push_str("abcdefghjkmnpqrstvwxyz001111");
    specification.ignore.push_str(" -");
    specification.encoding().ok()
}

/// The token as it was made, however it was typed; `None` for what is no token.
fn typed(token: &str) -> Option<String> {
    let letters = letters()?;
    let bytes = letters.decode(token.as_bytes()).ok().filter(|bytes| bytes.len() == TOKEN_BYTES)?;
    Some(letters.encode(&bytes))
}

/// The id of the invitation of this token, so that it is found without a search. It has the form of a random id, but
/// its time is none.
#[must_use]
pub fn invitation_id(token: &str) -> RecordId {
    let hash = seal::Hash::of(format!("{INVITATION} {token}").as_bytes()).0;
    let bytes: Vec<u8> = hash.into_iter().take(16).collect();
    let id = <[u8; 16]>::try_from(bytes).unwrap_or_default();
    RecordId(Builder::from_random_bytes(id).with_version(uuid::Version::SortRand).into_uuid())
}

/// An invitation that may be used now, or [`Code::InvitationOver`]: the same answer whether it never was, was used, has
/// expired, or was taken back.
fn open(records: &HubRecords<'_>, token: &str, now: ServerTime) -> Result<Invitation, Problem> {
    let usable = |i: &Invitation| {
        i.expires.is_some_and(|expires| now.0 < expires.0)
            && i.used.is_none()
            && i.revoked != Some(true)
            && i.meta.counts()
    };
    let invitation = of_token(records, token)?.filter(usable).ok_or(Code::InvitationOver)?;
    if !belongs(records, &invitation, now)? {
        return Err(Code::InvitationOver.into());
    }
    Ok(invitation)
}

/// The invitation of a token, used or not.
fn of_token(records: &HubRecords<'_>, token: &str) -> Result<Option<Invitation>, Problem> {
    let Some(token) = typed(token) else { return Ok(None) };
    let hash = seal::token_hash(&token).to_string();
    let found: Option<Invitation> = get(records, invitation_id(&token).0)?;
    Ok(found.filter(|invitation| invitation.token_hash.as_ref() == Some(&hash)))
}

/// Whether the child is there and belongs to the site that invited: no site lets anybody in to another's child.
fn belongs(records: &HubRecords<'_>, invitation: &Invitation, now: ServerTime) -> Result<bool, Problem> {
    let today = service_day(DeviceTime(now.0), DEFAULT_BOUNDARY);
    let child: Option<Child> = get(records, invitation.child)?;
    let placements: Vec<Placement> = collect(records, &Scan::of::<Placement>().key(0, invitation.child))?;
    let here = |p: &Placement| {
        p.facility == invitation.facility && p.meta.counts() && p.until.is_none_or(|until| today <= until)
    };
    Ok(child.is_some_and(|child| child.meta.counts()) && placements.iter().any(here))
}

/// What an invitation is for, before it is used: the first kana of the child and no more.
///
/// # Errors
/// [`Code::InvitationOver`].
pub fn look(server: &Server, token: &str) -> Result<HostReply, Problem> {
    let records = server.hub().records()?;
    let invitation = open(&records, token, server.now())?;
    let municipality: Option<Municipality> = get(&records, invitation.meta.feed.0)?;
    let facility: Option<Facility> = get(&records, invitation.facility)?;
    let child: Option<Child> = get(&records, invitation.child)?;
    let names = child.and_then(|child| child.names).unwrap_or_default();
    Ok(HostReply::Invited {
        municipality: municipality.and_then(|m| m.name).unwrap_or_default(),
        facility_name: facility.and_then(|f| f.name).unwrap_or_default(),
        initial: names.tile().chars().take(1).collect(),
        expires: invitation.expires.unwrap_or_default(),
    })
}

/// The nursery whose invitation somebody used who may see nothing of it (yet): whom to call.
///
/// # Errors
/// If the store cannot be read.
pub fn nursery_of(server: &Server, person: PersonId) -> Result<Option<Nursery>, Problem> {
    let records = server.hub().records()?;
    for tie in collect::<Guardianship>(&records, &Scan::of::<Guardianship>().key(1, person.0))? {
        let invitations = collect::<Invitation>(&records, &Scan::of::<Invitation>().key(0, tie.child))?;
        let Some(used) = invitations.into_iter().find(|i| i.used_by == Some(person)) else { continue };
        let Some(facility) = get::<Facility>(&records, used.facility)? else { continue };
        let (name, phone) = (facility.name.unwrap_or_default(), facility.phone.unwrap_or_default());
        return Ok(Some(Nursery { name, phone }));
    }
    Ok(None)
}

/// Joins in a browser. A guardian who is signed in already joins a further child; anybody else gets a session.
///
/// # Errors
/// [`Code::InvitationOver`], [`Code::BadInput`].
pub fn in_browser(server: &Server, new: &Joining, session: Option<WebSession>) -> Result<Option<SignedIn>, Problem> {
    let now = server.now();
    let known = match session {
        Some(session) => Some(session.person).filter(|_| !works(server, session.person, now)),
        None => None,
    };
    let _one_at_a_time = server.joining();
    let person = join(server, new, known, now)?;
    if known == Some(person) {
        return Ok(None);
    }
    Ok(Some(server.hub().session_open(person, SESSION_MS, now)?))
}

/// An invitation that is opened on a computer of the office is not the office worker's.
fn works(server: &Server, person: PersonId, now: ServerTime) -> bool {
    let held = server.hub().held(Principal::Person(person), now);
    held.map_or(true, |held| held.standing.city || !held.standing.places.is_empty())
}

/// Joins from an app: a person, and the device with its token. The same device that asks again soon after, because no
/// answer came through, is answered again.
///
/// # Errors
/// As [`in_browser`]; a malformed key leaves the invitation unused.
pub fn on_device(server: &Server, new: &Joining, device: &NewDevice) -> Result<(PersonId, Session, String), Problem> {
    let now = server.now();
    let NewDevice { name, public_key } = device.clone();
    let like = Device { name: Some(name), public_key: Some(public_key), ..Device::default() };
    <Device as nursery::core::Kind>::check(None, &like)?;
    let _one_at_a_time = server.joining();
    let person = match join(server, new, None, now) {
        Ok(person) => person,
        Err(over) if over == Code::InvitationOver.into() => return again(server, new, device, now)?.ok_or(over),
        Err(problem) => return Err(problem),
    };
    let (session, token) = server.hub().admit(person.0, Purpose::Personal, &device.name, &device.public_key, now)?;
    Ok((person, session, token))
}

/// A new token for the device that used this invitation just now; nothing for anybody else.
fn again(
    server: &Server,
    new: &Joining,
    device: &NewDevice,
    now: ServerTime,
) -> Result<Option<(PersonId, Session, String)>, Problem> {
    let records = server.hub().records()?;
    let used = of_token(&records, &new.token)?;
    let used = used.filter(|i| i.used.is_some_and(|used| now.0.saturating_sub(used.0) < AGAIN_MS));
    let Some(person) = used.and_then(|invitation| invitation.used_by) else { return Ok(None) };
    let devices: Vec<Device> = collect(&records, &Scan::of::<Device>().key(0, person.0))?;
    let same = |d: &Device| d.public_key.as_ref() == Some(&device.public_key) && d.retired.is_none() && d.meta.counts();
    let Some(known) = devices.iter().find(|d| same(d)).map(|d| DeviceId(d.meta.id.0)) else { return Ok(None) };
    drop(records);
    let token = server.hub().token_for(known, now)?;
    Ok(Some((person, Session { device: known }, token)))
}

/// Uses an invitation: person, guardianship and use in one act. The caller holds [`Server::joining`], so that it is used
/// once.
fn join(server: &Server, new: &Joining, known: Option<PersonId>, now: ServerTime) -> Result<PersonId, Problem> {
    let records = server.hub().records()?;
    let invitation = open(&records, &new.token, now)?;
    if new.kana.chars().count() > KANA_CHARS
        || new.phone.chars().count() > PHONE_CHARS
        || new.relation.trim().is_empty()
        || new.relation.chars().count() > RELATION_CHARS
    {
        return Err(Code::BadInput.into());
    }
    let (person, act) = compose(&records, &invitation, new, known, now)?;
    drop(records);
    server.hub().system(act.changes, now)?;
    Ok(person)
}

fn compose(
    records: &HubRecords<'_>,
    invitation: &Invitation,
    new: &Joining,
    known: Option<PersonId>,
    now: ServerTime,
) -> Result<(PersonId, Act), Problem> {
    let mut ids = NewIds::at(now).map_err(|error| Problem::busy(error.to_string()))?;
    let who =
        Who { device: DeviceId(SYSTEM.0), person: Some(SYSTEM), standing: Standing::default(), proof: Proof::Own };
    let mut moment = Moment {
        at: DeviceTime(now.0),
        clock: Clock::default(),
        basis: GrantsVersion(0),
        app: env!("CARGO_PKG_VERSION"),
        ids: &mut ids,
    };
    let mut composer = Composer::new(&who, SYSTEM, &mut moment);
    let feed = invitation.meta.feed;
    let meant = meant(records, invitation)?;
    let person = match meant.or(known) {
        Some(person) => person,
        None => make_person(&mut composer, feed, new)?,
    };
    pending(records, &mut composer, invitation, person, new)?;
    let record = records.get(invitation.meta.id)?.ok_or(Code::InvitationOver)?;
    let used = [("used", value(&composer.at())?), ("used_by", value(&person)?)];
    let writes = used.into_iter().map(|(field, value)| write(&record, field, value)).collect();
    composer.write(record.head.clone(), writes);
    Ok((person, composer.finish()))
}

/// The guardian that the office meant, if that is a guardian of this child whose account nobody uses yet. An invitation
/// never opens the account of somebody who works here or has joined: by itself it shows nothing (docs/decisions/0015).
fn meant(records: &HubRecords<'_>, invitation: &Invitation) -> Result<Option<PersonId>, Problem> {
    let (child, person) = (invitation.child, invitation.person);
    let name = <Guardianship as nursery::core::Form>::NAME;
    let id = RecordId::derived(invitation.meta.feed, name, &format!("{child} {person}"));
    let tied = !person.is_nil() && get::<Guardianship>(records, id.0)?.is_some();
    let works = !collect::<Assignment>(records, &Scan::of::<Assignment>().key(0, person))?.is_empty();
    let all: Vec<Guardianship> = collect(records, &Scan::of::<Guardianship>().key(1, person))?;
    let joined = all.iter().any(|g| matches!(g.joining, Some(State::Pending | State::Confirmed)));
    Ok((tied && !works && !joined).then_some(PersonId(person)))
}

fn make_person(composer: &mut Composer<'_, '_>, feed: FeedId, new: &Joining) -> Result<PersonId, Refusal> {
    let id = composer.id();
    let names = Names { legal: new.name.trim().to_owned(), kana: new.kana.trim().to_owned(), ..Names::default() };
    let phone = new.phone.trim();
    let person =
        Person { names: Some(names), phones: (!phone.is_empty()).then(|| vec![phone.to_owned()]), ..Person::default() };
    composer.make_as(RecordId(id), feed, person_subject(PersonId(id)), None, person, vec![])?;
    Ok(PersonId(id))
}

/// Guardian and child are tied, and the nursery has not confirmed. What the office wrote about the two stays.
fn pending(
    records: &HubRecords<'_>,
    composer: &mut Composer<'_, '_>,
    invitation: &Invitation,
    person: PersonId,
    new: &Joining,
) -> Result<(), Problem> {
    let (child, feed) = (invitation.child, invitation.meta.feed);
    let name = <Guardianship as nursery::core::Form>::NAME;
    let id = RecordId::derived(feed, name, &format!("{child} {person}"));
    let Some(record) = records.get(id)? else {
        let new = Guardianship {
            child,
            person: person.0,
            relation: Some(new.relation.trim().to_owned()),
            joining: Some(State::Pending),
            ..Guardianship::default()
        };
        let keys = new.key_ids();
        composer.make(feed, child.into(), None, new, keys)?;
        return Ok(());
    };
    let stands: Option<Guardianship> = get(records, id.0)?;
    if !matches!(stands.and_then(|g| g.joining), Some(State::Pending | State::Confirmed)) {
        let writes = vec![write(&record, "joining", value(&State::Pending)?)];
        composer.write(record.head, writes);
    }
    Ok(())
}

fn write(record: &Record, field: &str, value: Value) -> Write {
    Write { field: field.to_owned(), value: Some(value), over: record.seen(field) }
}

fn value(of: &impl serde::Serialize) -> Result<Value, Fault> {
    serde_json::to_value(of).map_err(|error| Fault(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_however_it_was_typed() {
        let token = new_token().unwrap();
        assert_eq!(token.len(), 26);
        let shouted: String = token.to_uppercase().chars().flat_map(|c| [c, '-', ' ']).collect();
        assert_eq!(typed(&token).as_deref(), Some(token.as_str()));
        assert_eq!(typed(&shouted).as_deref(), Some(token.as_str()));
        assert_eq!(typed(&token.replace('0', "O").replace('1', "l")).as_deref(), Some(token.as_str()));
        for wrong in ["", "x", "さざなみ", &token[1..], &format!("{token}0"), "uuuuuuuuuuuuuuuuuuuuuuuuuu"] {
            assert_eq!(typed(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_id_of_an_invitation_follows_from_its_token() {
        let (a, b) = (new_token().unwrap(), new_token().unwrap());
        assert_eq!(invitation_id(&a), invitation_id(&a));
        assert_ne!(invitation_id(&a), invitation_id(&b));
        assert_eq!(invitation_id(&a).0.get_version_num(), 7);
        assert_eq!(invitation_id(&a).0.get_variant(), uuid::Variant::RFC4122);
    }
}
