//! A guardian joins by an invitation: link, form, waiting, the nursery's word, the one child.

use super::world::{Browser, DAY_MS, Reply, World};
use nursery::core::{Scan, collect};
use nursery::devices::Device;
use nursery::ids::ChildId;
use nursery::people::{Guardianship, Joining, Person, Role};
use records::PersonId;
use serde_json::{Value, json};
use uuid::Uuid;

fn form(token: &str) -> Value {
    json!({ "request": "join", "server": "", "token": token, "name": "木村 花", "kana": "きむら はな",
            "relation": "mother", "phone": "080-0000-0001" })
}

fn look(token: &str) -> Value {
    json!({ "request": "join_look", "server": "", "token": token })
}

/// Who waits at わかば, as its office sees it.
async fn waiting(world: &World, office: &Browser) -> Vec<Value> {
    let reply = office.ask(json!({ "query": "joins", "facility": world.wakaba })).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply.json()["view"]["pending"].as_array().unwrap().clone()
}

async fn confirm(office: &Browser, item: &Value) -> Reply {
    let guardianship = &item["guardianship"];
    office.act(json!({ "command": { "command": "decide_join", "guardianship": guardianship, "confirm": true } })).await
}

async fn invited(world: &World, office: &mut Browser, child: ChildId) -> String {
    let reply = office.host(json!({ "request": "invite", "child": child, "facility": world.wakaba })).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply.json()["url"].as_str().unwrap().split('#').nth(1).unwrap().to_owned()
}

fn people(world: &World) -> usize {
    collect::<Person>(&world.hub().records().unwrap(), &Scan::of::<Person>()).unwrap().len()
}

#[tokio::test]
async fn a_guardian_joins_waits_and_sees_the_one_child_and_nothing_else() {
    let world = World::new().await;
    let (mio, ren) =
        (world.child("木村 みお", world.wakaba, world.usagi), world.child("れん", world.wakaba, world.usagi));
    let mut office = world.browser(world.staff("小野寺 恵", world.wakaba, Role::Office)).await;
    let token = invited(&world, &mut office, mio).await;

    let mut mother = world.stranger();
    let seen = mother.host(look(&token)).await;
    let shown = seen.json();
    assert_eq!((shown["facility_name"].as_str(), shown["initial"].as_str()), (Some("わかば保育園"), Some("木")));
    assert!(!seen.text.contains("みお"), "the name of the child before anybody has joined: {}", seen.text);
    assert_eq!(mother.host(form(&token)).await.status, 200);
    let start = mother.host(json!({ "request": "start" })).await.json();
    assert_eq!((&start["ready"], &start["pending"]), (&json!(false), &json!(true)));
    assert_eq!(mother.children().await, Vec::<Value>::new());

    let pending = waiting(&world, &office).await;
    assert_eq!(pending.len(), 1);
    assert_eq!(pending[0]["person_name"], "木村 花");
    assert_eq!(confirm(&office, &pending[0]).await.status, 200);
    let children = mother.children().await;
    assert_eq!(children.iter().map(|card| &card["child"]).collect::<Vec<_>>(), [&json!(mio)]);
    assert_eq!(mother.host(json!({ "request": "start" })).await.json()["ready"], true);
    for query in [
        json!({ "query": "child_sheet", "facility": world.wakaba, "child": mio }),
        json!({ "query": "child_sheet", "facility": world.wakaba, "child": ren }),
        json!({ "query": "site_today", "facility": world.wakaba }),
        json!({ "query": "joins", "facility": world.wakaba }),
        json!({ "query": "board", "place": { "place": "facility", "facility": world.wakaba } }),
    ] {
        assert_eq!(mother.ask(query.clone()).await.said(), (404, "not_found".into()), "{query}");
    }
    let records =
        world.hub().records_for(nursery::access::Principal::Person(mother_of(&world, mio)), world.now()).unwrap();
    let all = collect::<nursery::people::Child>(&records, &Scan::of::<nursery::people::Child>()).unwrap();
    assert_eq!(all.iter().map(|child| child.meta.id.0).collect::<Vec<_>>(), [mio.0]);
}

/// The only guardian of a child.
fn mother_of(world: &World, child: ChildId) -> PersonId {
    let all = guardianships(world, child);
    assert_eq!(all.len(), 1);
    PersonId(all[0].person)
}

fn guardianships(world: &World, child: ChildId) -> Vec<Guardianship> {
    collect(&world.hub().records().unwrap(), &Scan::of::<Guardianship>().key(0, child)).unwrap()
}

#[tokio::test]
async fn only_the_office_confirms_or_who_types_a_pin_of_the_office() {
    let world = World::new().await;
    let mio = world.child("みお", world.wakaba, world.usagi);
    let director = world.staff("園長", world.wakaba, Role::Director);
    super::pins::give(&world, director, "4649");
    let mut mother = world.stranger();
    mother.host(form(&world.invitation(mio, world.wakaba, Uuid::nil()))).await;
    let item = json!({ "guardianship": guardianships(&world, mio)[0].meta.id });

    let caregiver = world.browser(world.staff("阿部", world.wakaba, Role::Caregiver)).await;
    assert_eq!(confirm(&caregiver, &item).await.said(), (403, "not_allowed".into()));
    let elsewhere = world.browser(world.staff("園長", world.tsubame, Role::Director)).await;
    assert_eq!(confirm(&elsewhere, &item).await.said(), (404, "not_found".into()));
    assert_ne!(confirm(&mother, &item).await.status, 200, "nobody confirms oneself");
    let mut order = json!({ "command": { "command": "decide_join", "guardianship": item["guardianship"], "confirm": true },
                            "person": director, "pin": "0000" });
    assert_eq!(caregiver.act(order.clone()).await.said(), (403, "pin_needed".into()));
    order["pin"] = json!("4649");
    assert_eq!(caregiver.act(order.clone()).await.status, 200);
    assert_eq!(mother.children().await.len(), 1);
    assert_eq!(caregiver.act(order).await.said(), (409, "already_done".into()));
}

#[tokio::test]
async fn an_invitation_that_opens_nothing_gets_one_answer_whatever_is_wrong_with_it() {
    let world = World::new().await;
    let invite = |child| world.invitation(child, world.wakaba, Uuid::nil());
    let child = |name| world.child(name, world.wakaba, world.usagi);
    let (used, expired, revoked) = (invite(child("あ")), invite(child("い")), invite(child("う")));
    assert_eq!(world.stranger().host(form(&used)).await.status, 200);
    world.set(invitation_id(&revoked), "revoked", true);
    world.set(invitation_id(&expired), "expires", world.now());
    let gone = child("え");
    let of_gone = invite(gone);
    world.hub().restrict(hub::Restriction::Erase { subject: gone.into() }, world.now()).unwrap();
    // made at わかば for a child of つばめ
    let foreign = world.invitation(world.child("お", world.tsubame, world.kuma), world.wakaba, Uuid::nil());
    let never = sync_server::new_token().unwrap();
    let before = people(&world);

    let kinds = [used.as_str(), &expired, &revoked, &of_gone, &foreign, &never, "", "さざなみ", "0", "' OR 1=1 --"];
    for request in [look, form] {
        let mut answers = vec![];
        for token in kinds {
            let reply = world.stranger().host(request(token)).await;
            assert_eq!(reply.said(), (410, "invitation_over".into()), "{token}");
            answers.push(reply.whole());
        }
        answers.dedup();
        assert_eq!(answers.len(), 1, "{answers:#?}");
    }
    for path in ["/v1/join", "/v1/join/look"] {
        let mut answers = vec![];
        for token in kinds {
            let mut body = form(token);
            body["public_key"] = json!("0".repeat(64));
            answers.push(world.post(path, &body).await.whole());
        }
        answers.dedup();
        assert_eq!(answers.len(), 1, "{answers:#?}");
        assert!(answers[0].starts_with("410\n"), "{}", answers[0]);
    }
    assert_eq!(people(&world), before, "nobody was made");
}

fn invitation_id(token: &str) -> Uuid {
    sync_server::invitation_id(token).0
}

#[tokio::test]
async fn an_invitation_is_over_after_two_weeks_and_one_second_before_it_is_not() {
    let world = World::new().await;
    let token = world.invitation(world.child("みお", world.wakaba, world.usagi), world.wakaba, Uuid::nil());
    world.pass_ms(14 * DAY_MS - 1);
    assert_eq!(world.stranger().host(look(&token)).await.status, 200);
    world.pass_ms(1);
    assert_eq!(world.stranger().host(look(&token)).await.status, 410);
    assert_eq!(world.stranger().host(form(&token)).await.status, 410);
}

#[tokio::test]
async fn a_form_that_makes_no_sense_leaves_the_invitation_unused() {
    let world = World::new().await;
    let token = world.invitation(world.child("みお", world.wakaba, world.usagi), world.wakaba, Uuid::nil());
    for (field, value) in [
        ("name", json!("")),
        ("name", json!("  ")),
        ("name", json!("あ".repeat(1_000))),
        ("kana", json!("あ".repeat(101))),
        ("relation", json!(" ")),
        ("phone", json!("0".repeat(31))),
    ] {
        let mut wrong = form(&token);
        wrong[field] = value;
        assert_eq!(world.stranger().host(wrong).await.said(), (400, "bad_input".into()), "{field}");
    }
    let mut keyless = form(&token);
    keyless["public_key"] = json!("no key");
    assert_eq!(world.post("/v1/join", &keyless).await.said(), (400, "bad_input".into()));
    assert_eq!(world.stranger().host(form(&token)).await.status, 200);
}

#[tokio::test]
async fn of_two_who_use_one_invitation_at_once_one_joins() {
    let world = World::new().await;
    let mio = world.child("みお", world.wakaba, world.usagi);
    let token = world.invitation(mio, world.wakaba, Uuid::nil());
    let tries = (0..8).map(|_| {
        let mut browser = world.stranger();
        let form = form(&token);
        async move { browser.host(form).await.status }
    });
    let mut all = futures_util::future::join_all(tries).await;
    all.sort_unstable();
    assert_eq!(all, [200, 410, 410, 410, 410, 410, 410, 410]);
    assert_eq!(guardianships(&world, mio).len(), 1);
}

#[tokio::test]
async fn an_invitation_meant_for_somebody_who_works_here_never_opens_that_account() {
    let world = World::new().await;
    let mio = world.child("みお", world.wakaba, world.usagi);
    let director = world.staff("園長", world.wakaba, Role::Director);
    // the director is also the child's guardian, whom the office listed
    world.guard(director, mio, Joining::Listed);
    let token = world.invitation(mio, world.wakaba, director.0);
    let mut thief = world.stranger();
    assert_eq!(thief.host(form(&token)).await.status, 200);
    let start = thief.host(json!({ "request": "start" })).await.json();
    assert_eq!((&start["ready"], &start["pending"]), (&json!(false), &json!(true)));
    let me = thief.ask(json!({ "query": "me" })).await;
    assert!(me.status != 200 || me.json()["view"]["places"] == json!([]), "{}", me.text);
    assert_eq!(thief.ask(json!({ "query": "site_today", "facility": world.wakaba })).await.status, 404);
    let pending = guardianships(&world, mio).into_iter().find(|g| g.joining == Some(Joining::Pending)).unwrap();
    assert_ne!(pending.person, director.0);
}

#[tokio::test]
async fn an_invitation_meant_for_a_guardian_is_that_guardians_until_an_account_is_in_use() {
    let world = World::new().await;
    let mio = world.child("みお", world.wakaba, world.usagi);
    let listed = world.person("木村 花");
    world.guard(listed, mio, Joining::Listed);
    let first = world.invitation(mio, world.wakaba, listed.0);
    let mut mother = world.stranger();
    mother.host(form(&first)).await;
    assert_eq!(mother_of(&world, mio), listed, "the office's entry, not a second one");
    assert_eq!(mother.children().await.len(), 0, "and still nothing is shown");
    // who finds a second paper meant for her gets no way into her account
    let mut finder = world.stranger();
    finder.host(form(&world.invitation(mio, world.wakaba, listed.0))).await;
    let item =
        json!({ "guardianship": guardianships(&world, mio).iter().find(|g| g.person == listed.0).unwrap().meta.id });
    let office = world.browser(world.staff("事務", world.wakaba, Role::Office)).await;
    assert_eq!(confirm(&office, &item).await.status, 200);
    assert_eq!((mother.children().await.len(), finder.children().await.len()), (1, 0));
    let mut late = world.stranger();
    late.host(form(&world.invitation(mio, world.wakaba, listed.0))).await;
    assert_eq!(late.children().await.len(), 0);
}

#[tokio::test]
async fn both_parents_join_and_each_waits_for_the_nursery() {
    let world = World::new().await;
    let mio = world.child("みお", world.wakaba, world.usagi);
    let mut office = world.browser(world.staff("事務", world.wakaba, Role::Office)).await;
    let (mut mother, mut father) = (world.stranger(), world.stranger());
    mother.host(form(&invited(&world, &mut office, mio).await)).await;
    let mut his = form(&invited(&world, &mut office, mio).await);
    (his["name"], his["relation"]) = (json!("木村 健"), json!("father"));
    father.host(his).await;
    let pending = waiting(&world, &office).await;
    assert_eq!(pending.len(), 2);
    let hers = pending.iter().find(|item| item["relation"] == "mother").unwrap();
    confirm(&office, hers).await;
    assert_eq!((mother.children().await.len(), father.children().await.len()), (1, 0));
}

#[tokio::test]
async fn a_sibling_at_another_nursery_joins_the_same_account_and_waits_there() {
    let world = World::new().await;
    let mio = world.child("みお", world.wakaba, world.usagi);
    let sou = world.child("そう", world.tsubame, world.kuma);
    let mother = world.guardian("木村 花", mio);
    let mut browser = world.browser(mother).await;
    let cookie = browser.cookie.clone();
    let token = world.invitation(sou, world.tsubame, Uuid::nil());
    assert_eq!(browser.host(form(&token)).await.status, 200);
    assert_eq!(browser.cookie, cookie, "the session stays");
    assert_eq!(mother_of(&world, sou), mother);
    assert_eq!(browser.children().await.len(), 1, "the other nursery has not confirmed");
    let item = json!({ "guardianship": guardianships(&world, sou)[0].meta.id });
    let here = world.browser(world.staff("園長", world.wakaba, Role::Director)).await;
    assert_eq!(confirm(&here, &item).await.said(), (404, "not_found".into()), "not this nursery's child");
    let there = world.browser(world.staff("園長", world.tsubame, Role::Director)).await;
    assert_eq!(confirm(&there, &item).await.status, 200);
    assert_eq!(browser.children().await.len(), 2);
}

#[tokio::test]
async fn an_invitation_opened_on_a_computer_of_the_office_is_not_the_office_workers() {
    let world = World::new().await;
    let mio = world.child("みお", world.wakaba, world.usagi);
    let office = world.staff("事務", world.wakaba, Role::Office);
    let mut computer = world.browser(office).await;
    let before = computer.clone();
    assert_eq!(computer.host(form(&world.invitation(mio, world.wakaba, Uuid::nil()))).await.status, 200);
    assert_ne!(mother_of(&world, mio), office);
    assert_eq!(computer.ask(json!({ "query": "site_today", "facility": world.wakaba })).await.status, 404);
    assert_eq!(before.ask(json!({ "query": "me" })).await.said(), (401, "signed_out".into()), "its session is over");
}

#[tokio::test]
async fn whoever_works_elsewhere_or_not_in_the_office_invites_nobody() {
    let world = World::new().await;
    let mio = world.child("みお", world.wakaba, world.usagi);
    let ask = json!({ "request": "invite", "child": mio, "facility": world.wakaba });
    let nowhere = json!({ "request": "invite", "child": world.id(), "facility": world.wakaba });
    let mut answers = vec![];
    for (facility, role) in [(world.wakaba, Role::Caregiver), (world.tsubame, Role::Director)] {
        let mut browser = world.browser(world.staff("誰か", facility, role)).await;
        for request in [&ask, &nowhere] {
            answers.push(browser.host(request.clone()).await.whole());
        }
    }
    let mut office = world.browser(world.staff("事務", world.wakaba, Role::Office)).await;
    answers.push(office.host(nowhere).await.whole());
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:#?}");
    assert!(answers[0].starts_with("404\n"), "{}", answers[0]);
    assert_eq!(world.browser(world.staff("担当", world.wakaba, Role::IctContact)).await.host(ask).await.status, 200);
}

#[tokio::test]
async fn a_phone_whose_answer_was_lost_asks_again_and_is_let_in_once() {
    let world = World::new().await;
    let mio = world.child("みお", world.wakaba, world.usagi);
    let token = world.invitation(mio, world.wakaba, Uuid::nil());
    let mut join = form(&token);
    join["public_key"] = json!(seal::DeviceKey::from_seed([4; 32]).public());
    let first = world.post("/v1/join", &join).await;
    assert_eq!(first.status, 200, "{}", first.text);
    let again = world.post("/v1/join", &join).await;
    assert_eq!(again.status, 200, "{}", again.text);
    let field = |reply: &Reply, name: &str| reply.json()[name].as_str().unwrap().to_owned();
    for name in ["device", "person", "municipality", "server_key"] {
        assert_eq!(field(&first, name), field(&again, name), "{name}");
    }
    assert_eq!(guardianships(&world, mio).len(), 1);
    let devices: Vec<Device> = collect(&world.hub().records().unwrap(), &Scan::of::<Device>()).unwrap();
    assert_eq!(devices.len(), 1);
    let opens = |token: &str| world.hub().device_of(token).is_ok();
    assert!(opens(&field(&again, "token")) && !opens(&field(&first, "token")), "the newest opens");
    // another phone, and the same one later
    let mut other = join.clone();
    other["public_key"] = json!(seal::DeviceKey::from_seed([5; 32]).public());
    assert_eq!(world.post("/v1/join", &other).await.said(), (410, "invitation_over".into()));
    world.pass_ms(10 * super::world::MINUTE_MS);
    assert_eq!(world.post("/v1/join", &join).await.said(), (410, "invitation_over".into()));
}
