//! From a command to an act: early refusals, ids, and the changes.

use super::{Command, announce, count, family, punch};
use crate::attendance::{Away, AwayBack, CallOutcome, Calling, Movement, Presence, Sighting};
use crate::clock::{corrected, date_is_doubtful, service_day, time_on};
use crate::core::{Act, Clock, Code, Composer, Fault, Moment, Records, Refusal, Who, collect, get};
use crate::core::{Kind, Scan};
use crate::ids::{ChildId, FacilityId, RoomId, facility_year};
use crate::people::{Person, Placement};
use crate::rules::{ChildDay, Site, Where};
use records::{Day, DeviceTime, PersonId, Record, RecordId};

/// A command in its setting, while its changes are written.
pub(super) struct Acting<'a, 'm> {
    pub(super) r: &'a dyn Records,
    pub(super) who: &'a Who,
    pub(super) author: PersonId,
    pub(super) clock: Clock,
    pub(super) at: DeviceTime,
    pub(super) out: Composer<'a, 'm>,
}

/// Does what a command says: the changes to be saved, or a refusal. Nothing is written here.
///
/// # Errors
/// [`Code`] says why; what was typed stays on the screen.
pub fn act<'m>(r: &dyn Records, who: &Who, moment: &mut Moment<'m>, command: Command) -> Result<Act, Refusal> {
    let author = who.person()?;
    let (clock, at) = (moment.clock, moment.at);
    let mut acting = Acting { r, who, author, clock, at, out: Composer::new(who, author, moment) };
    run(&mut acting, command)?;
    let done = acting.out.finish();
    if done.changes.is_empty() {
        return Err(Code::AlreadyDone.into());
    }
    Ok(done)
}

fn run(a: &mut Acting<'_, '_>, command: Command) -> Result<(), Refusal> {
    match command {
        Command::Arrive { facility, children, room } => punch::arrive(a, facility, &children, room),
        Command::Depart { facility, children, collector } => punch::depart(a, facility, &children, &collector),
        Command::Undo { records } => punch::undo(a, &records),
        Command::Void { record, reason, note } => punch::void(a, record, reason, note),
        Command::CorrectPunch { facility, child, day, sort, at, instead_of, reason, collector } => {
            punch::correct(a, facility, &punch::Correction { child, day, sort, at, instead_of, reason, collector })
        }
        Command::See { facility, child, seen } => see(a, facility, child, seen),
        Command::Announce {
            children,
            facility,
            day,
            until,
            announced,
            temperature,
            note,
            channel,
            caller,
            caller_name,
            replaces,
        } => {
            let said = announce::Said {
                facility,
                day,
                until,
                announced,
                temperature,
                note,
                channel,
                caller,
                caller_name,
                replaces,
            };
            announce::announce(a, &children, &said)
        }
        Command::Acknowledge { announcements } => announce::acknowledge(a, &announcements),
        Command::TakeCall { facility, child } => call(a, facility, child, None),
        Command::EndCall { facility, child, outcome } => call(a, facility, child, Some(outcome)),
        Command::ToldByPhone { announcement } => announce::told_by_phone(a, announcement),
        Command::Move { facility, children, room } => change_room(a, facility, &children, room),
        Command::StartCount { facility, transition, room, place, children } => {
            count::start(a, facility, transition, room, place, children)
        }
        Command::SecondCount { head_count, count: counted } => count::second(a, head_count, counted),
        Command::ExplainCount { head_count, gaps } => count::explain(a, head_count, gaps),
        Command::CancelCount { head_count } => count::cancel(a, head_count),
        Command::GoOut { facility, child, reason, place, with, expected_back } => {
            let out =
                Away { reason: Some(reason), place: Some(place), with: Some(with), expected_back, ..Away::default() };
            go_out(a, facility, child, out)
        }
        Command::ComeBack { facility, children } => come_back(a, facility, &children),
        Command::BePresent { facility, room } => be_present(a, facility, room),
        Command::WriteCareNote { facility, child, record, text, seen } => {
            family::write_care_note(a, facility, child, record, text, seen)
        }
        Command::DecideJoin { guardianship, confirm } => family::decide_join(a, guardianship, confirm),
        Command::DecideWaiting { waiting, accept } => super::waiting::decide(a, &waiting, accept),
    }
}

impl Acting<'_, '_> {
    /// A facility at which the recording person works, on today's service day; asks for the date first if it looks wrong.
    pub(super) fn staff_site(&self, id: FacilityId) -> Result<Site, Refusal> {
        if !self.who.standing.staff_at(id) {
            return Err(Code::NotFound.into());
        }
        self.site(id)
    }

    /// The best guess of the true time, as every fact but a punch keeps it. A punch keeps what the device's clock said
    /// and the error apart, because it is billed by.
    pub(super) fn now(&self) -> DeviceTime {
        corrected(self.at, self.clock.error_ms)
    }

    /// A facility on today's service day.
    pub(super) fn site(&self, id: FacilityId) -> Result<Site, Refusal> {
        let facility = get::<crate::place::Facility>(self.r, id)?.ok_or(Code::NotFound)?;
        let boundary = facility.day_ends();
        if date_is_doubtful(self.at, &self.clock, boundary) {
            return Err(Code::ConfirmDate.into());
        }
        let day = service_day(self.now(), boundary);
        Site::read(self.r, id, day)?.ok_or_else(|| Code::NotFound.into())
    }

    /// The facts of a child that belongs to the site today, by placement or visit.
    pub(super) fn child(&self, site: &Site, child: ChildId) -> Result<ChildDay, Refusal> {
        let placement = self.placement(site, child)?;
        let facts = ChildDay::read(self.r, site, child, placement)?;
        let visits = facts.visits.iter().any(|v| v.host == site.id && v.holds_on(site.day));
        if facts.id() != child || (facts.placement.is_none() && !visits) {
            return Err(Code::NotFound.into());
        }
        Ok(facts)
    }

    pub(super) fn placement(&self, site: &Site, child: ChildId) -> Result<Option<Placement>, Fault> {
        let all = collect::<Placement>(self.r, &Scan::of::<Placement>().key(0, child))?;
        Ok(all.into_iter().find(|p| p.facility == site.id && p.holds_on(site.day)))
    }

    /// The recording person as families and colleagues read it: the family name.
    pub(super) fn author_name(&self) -> Result<String, Fault> {
        let person = get::<Person>(self.r, self.author.0)?;
        let names = person.and_then(|p| p.names).unwrap_or_default();
        Ok(names.legal.split([' ', '\u{3000}']).next().unwrap_or_default().to_owned())
    }

    /// Makes a record about a child at a site, today.
    pub(super) fn make_for<K: Kind>(
        &mut self,
        site: &Site,
        child: ChildId,
        new: K,
        keys: Vec<uuid::Uuid>,
    ) -> Result<RecordId, Refusal> {
        self.out.make(site.id.into(), child.into(), Some(site.day), new, keys)
    }

    /// A record that may be held, or the same answer as for one that is not there.
    pub(super) fn record(&self, id: RecordId) -> Result<Record, Refusal> {
        self.r.get(id)?.ok_or_else(|| Code::NotFound.into())
    }
}

fn see(a: &mut Acting<'_, '_>, facility: FacilityId, child: ChildId, seen: bool) -> Result<(), Refusal> {
    let site = a.staff_site(facility)?;
    a.child(&site, child)?;
    let new = Sighting { seen: Some(seen), at: Some(a.now()), child, ..Sighting::default() };
    let keys = new.key_ids();
    a.make_for(&site, child, new, keys)?;
    Ok(())
}

fn call(
    a: &mut Acting<'_, '_>,
    facility: FacilityId,
    child: ChildId,
    outcome: Option<CallOutcome>,
) -> Result<(), Refusal> {
    let site = a.staff_site(facility)?;
    a.child(&site, child)?;
    let by_name = Some(a.author_name()?);
    let new = Calling { at: Some(a.now()), outcome, by_name, child, ..Calling::default() };
    let keys = new.key_ids();
    a.make_for(&site, child, new, keys)?;
    Ok(())
}

fn change_room(
    a: &mut Acting<'_, '_>,
    facility: FacilityId,
    children: &[ChildId],
    room: RoomId,
) -> Result<(), Refusal> {
    let site = a.staff_site(facility)?;
    if !site.has_room(room) {
        return Err(Code::BadInput.into());
    }
    for child in children {
        let facts = a.child(&site, *child)?;
        if !matches!(facts.whereabouts(site.id).place, Where::Here { facility, .. } if facility == site.id) {
            continue;
        }
        a.out.next_act();
        let new = Movement { at: Some(a.now()), room: Some(room), child: *child, ..Movement::default() };
        let keys = new.key_ids();
        a.make_for(&site, *child, new, keys)?;
    }
    Ok(())
}

fn go_out(a: &mut Acting<'_, '_>, facility: FacilityId, child: ChildId, out: Away) -> Result<(), Refusal> {
    let site = a.staff_site(facility)?;
    let facts = a.child(&site, child)?;
    if !matches!(facts.whereabouts(site.id).place, Where::Here { facility, .. } if facility == site.id) {
        return Err(Code::Changed.into());
    }
    let long = |words: &Option<String>| words.as_ref().is_some_and(|w| w.chars().count() > 60);
    let known = matches!(out.reason.as_deref(), Some("hospital" | "centre" | "family" | "other"));
    let over = out.expected_back.is_some_and(|back| back <= time_on(site.day, a.now()));
    if !known || over || long(&out.place) || long(&out.with) {
        return Err(Code::BadInput.into());
    }
    let new = Away { at: Some(a.now()), child, ..out };
    let keys = new.key_ids();
    a.make_for(&site, child, new, keys)?;
    Ok(())
}

fn come_back(a: &mut Acting<'_, '_>, facility: FacilityId, children: &[ChildId]) -> Result<(), Refusal> {
    let site = a.staff_site(facility)?;
    for child in children {
        a.out.next_act();
        back(a, &site, *child)?;
    }
    Ok(())
}

/// Ends every open going-out of a child at this site.
pub(super) fn back(a: &mut Acting<'_, '_>, site: &Site, child: ChildId) -> Result<(), Refusal> {
    let facts = a.child(site, child)?;
    let open: Vec<uuid::Uuid> = facts
        .aways
        .iter()
        .filter(|away| away.meta.counts() && FacilityId::from(away.meta.feed) == site.id)
        .filter(|away| !facts.backs.iter().any(|b| b.meta.counts() && b.away == away.meta.id.0))
        .map(|away| away.meta.id.0)
        .collect();
    for away in open {
        let room = facts.placement.as_ref().and_then(|p| site.home_room(p.class));
        let new = AwayBack { at: Some(a.now()), room, child, away, ..AwayBack::default() };
        let keys = new.key_ids();
        a.make_for(site, child, new, keys)?;
    }
    Ok(())
}

fn be_present(a: &mut Acting<'_, '_>, facility: FacilityId, room: Option<RoomId>) -> Result<(), Refusal> {
    let site = a.staff_site(facility)?;
    if room.is_some_and(|room| !site.has_room(room)) {
        return Err(Code::BadInput.into());
    }
    let new = Presence { at: Some(a.now()), person: a.author.0, room: room.unwrap_or_default(), ..Presence::default() };
    let keys = new.key_ids();
    let day: Day = site.day;
    a.out.make(site.id.into(), facility_year(site.id.into(), day), Some(day), new, keys)?;
    Ok(())
}
