//! The program as an operator meets it.

use serde_json::json;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_sazanami-server"))
}

fn run(arguments: &[&str]) -> Output {
    program().args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Runs what must be done, and gives what it printed.
fn done(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", text(&output.stderr));
    text(&output.stdout)
}

/// Runs what must fail: one line, exit code 1. Gives the line.
fn fails(arguments: &[&str]) -> String {
    let mut child = program().args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut said = String::new();
    for line in BufReader::new(child.stderr.take().unwrap()).lines() {
        said.push_str(&line.unwrap());
        said.push('\n');
        if said.contains("listening on") {
            child.kill().unwrap();
        }
    }
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{arguments:?}: {said}");
    assert_eq!(said.lines().count(), 1, "{arguments:?}: {said}");
    assert!(said.starts_with("sazanami-server: "), "{said}");
    assert_eq!(text(&output.stdout), "");
    said
}

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }
    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }
    fn text(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_owned()
    }
}

/// A server that runs until this is dropped.
struct Running {
    child: Child,
    base: String,
}

impl Running {
    fn start(data: &str) -> Self {
        let child = program().args(["serve", "--data", data, "--port", "0"]).stderr(Stdio::piped()).spawn().unwrap();
        let mut running = Self { child, base: String::new() };
        let mut said = String::new();
        for line in BufReader::new(running.child.stderr.take().unwrap()).lines() {
            let line = line.unwrap();
            if let Some((_, base)) = line.split_once("listening on ") {
                // from here on nobody reads its log, and it must serve all the same
                running.base = base.trim().to_owned();
                return running;
            }
            said.push_str(&line);
        }
        panic!("it ended: {said}");
    }
    /// Ends it as a service manager does, and waits.
    fn stop(mut self) {
        let told = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(told.success());
        assert!(self.child.wait().unwrap().success());
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The first word of the first line: an id.
fn id(printed: &str) -> String {
    printed.split_whitespace().next().unwrap().to_owned()
}

#[test]
fn every_command_explains_itself() {
    for (arguments, words) in [
        (vec!["--help"], vec!["serve", "demo", "admin", "backup", "restore", "reverse proxy", "docs/operations.md"]),
        (vec!["serve", "--help"], vec!["--data", "--port", "--web", "--url", "proxy"]),
        (vec!["demo", "--help"], vec!["--at", "--reset", "2026-11-24 08:15"]),
        (vec!["backup", "--help"], vec!["keys.db", "must not exist"]),
        (vec!["restore", "--help"], vec!["stopped", "signs in again"]),
        (vec!["mend-restrictions", "--help"], vec!["stopped", "hub.db", "no copy", "stays beside it"]),
        (
            vec!["admin", "--help"],
            vec!["create-city", "add-facility", "add-person", "link", "pin", "sign-out", "retire-device"],
        ),
        (vec!["admin", "--data", "x", "add-facility", "--help"], vec!["うさぎ組:3", "--phone"]),
        (vec!["admin", "--data", "x", "add-person", "--help"], vec!["caregiver", "director", "office", "ict", "city"]),
        (vec!["admin", "--data", "x", "link", "--help"], vec!["three days", "--person", "--office"]),
    ] {
        let help = done(&arguments);
        for word in words {
            assert!(help.contains(word), "{arguments:?} says nothing of {word}:\n{help}");
        }
        for line in help.lines() {
            assert!(line.chars().count() <= 110, "{arguments:?}: {line}");
        }
    }
    assert!(done(&["--version"]).starts_with("sazanami-server 0."));
}

#[test]
fn a_command_line_that_makes_no_sense_says_what_does() {
    for arguments in [
        vec![],
        vec!["serv"],
        vec!["serve"],
        vec!["serve", "--data", "x", "--port", "99999"],
        vec!["demo", "--data", "x", "--at", "yesterday"],
    ] {
        let output = run(&arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let said = text(&output.stderr);
        assert!(said.contains("Usage") || said.contains("--help"), "{said}");
        assert!(!said.contains("panicked"));
    }
}

#[test]
fn a_folder_that_cannot_be_used_is_told_in_one_line() {
    let folder = Folder::new();
    std::fs::write(folder.path("file"), "x").unwrap();
    assert!(fails(&["serve", "--data", &folder.text("file"), "--port", "0"]).contains("file"));
    assert!(fails(&["serve", "--data", &folder.text("file/below"), "--port", "0"]).contains("file/below"));
    for broken in ["hub.db", "keys.db", "server.key", "restrictions.log", "looks.jsonl"] {
        let data = folder.text(&format!("with-{broken}"));
        std::fs::create_dir_all(Path::new(&data).join(broken)).unwrap();
        assert!(fails(&["serve", "--data", &data, "--port", "0"]).contains(&data), "{broken} is a folder");
    }
    for broken in ["hub.db", "keys.db", "server.key", "restrictions.log"] {
        let data = folder.text(&format!("garbage-{broken}"));
        std::fs::create_dir(&data).unwrap();
        std::fs::write(Path::new(&data).join(broken), "garbage, and more than a little of it".repeat(500)).unwrap();
        let said = fails(&["serve", "--data", &data, "--port", "0"]);
        assert!(said.contains(&data) && said.contains(broken), "{said}");
    }
    let web = folder.text("no-screens");
    let said = fails(&["serve", "--data", &folder.text("a"), "--port", "0", "--web", &web]);
    assert!(said.contains("npm run build"), "{said}");
}

#[test]
fn a_port_in_use_and_a_folder_in_use_are_told_in_one_line() {
    let folder = Folder::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let said = fails(&["serve", "--data", &folder.text("a"), "--port", &port]);
    assert!(said.contains(&port) && said.contains("in use"), "{said}");
    let running = Running::start(&folder.text("b"));
    let said = fails(&["serve", "--data", &folder.text("b"), "--port", "0"]);
    assert!(said.contains("another sazanami-server uses"), "{said}");
    let said = fails(&["restore", "--data", &folder.text("b"), &folder.text("none.db")]);
    assert!(said.contains("stop it first"), "{said}");
    running.stop();
}

#[test]
fn an_order_about_nobody_is_told_in_one_line() {
    let folder = Folder::new();
    let data = folder.text("a");
    let nobody = "01a20aa3-3d80-7000-8000-00000000001d";
    for (arguments, word) in [
        (vec!["add-person", "小野寺 恵", "--role", "city"], "create-city"),
        (vec!["create-city", ""], "name"),
        (vec!["link", "--person", nobody], "no such person"),
        (vec!["pin", "--person", nobody], "no such person"),
        (vec!["sign-out", "--person", nobody], "no such person"),
        (vec!["retire-device", nobody], "no such device"),
    ] {
        let said = fails(&[vec!["admin", "--data", &data], arguments].concat());
        assert!(said.contains(word), "{said}");
    }
    for file in ["none.db", "a"] {
        fails(&["restore", "--data", &data, &folder.text(file)]);
    }
    std::fs::write(folder.path("garbage.db"), "garbage".repeat(1_000)).unwrap();
    fails(&["restore", "--data", &data, &folder.text("garbage.db")]);
    assert_eq!(done(&["admin", "--data", &data, "create-city", "みなと市"]).lines().count(), 1, "nothing was harmed");
    assert!(fails(&["backup", "--data", &data, &folder.text("a")]).contains("exists"));
}

#[tokio::test]
async fn a_restored_city_has_its_people_again_and_nobody_is_signed_in_by_it() {
    let folder = Folder::new();
    let data = folder.text("city");
    let admin = |order: &[&str]| done(&[&["admin", "--data", &data], order].concat());
    admin(&["create-city", "みなと市"]);
    let site = id(&admin(&["add-facility", "みなと保育園", "--phone", "0190-00-0100", "--class", "うさぎ組:2"]));
    let abe = id(&admin(&["add-person", "阿部 真由", "--role", "director", "--facility", &site]));
    let running = Running::start(&data);
    let link = |person: &str| {
        let printed = admin(&["link", "--person", person]);
        printed.split('#').nth(1).unwrap().split_whitespace().next().unwrap().to_owned()
    };
    let (used, unused) = (link(&abe), link(&abe));
    let client = super::world::client();
    let sign_in = async |base: &str, token: &str| {
        let reply =
            client.post(format!("{base}/v1/app/sign-in")).json(&json!({ "token": token })).send().await.unwrap();
        let cookie = reply.headers().get("set-cookie").map(|cookie| cookie.to_str().unwrap().to_owned());
        cookie.map(|cookie| cookie.split(';').next().unwrap().to_owned())
    };
    let asks = async |base: &str, cookie: &str| {
        let request =
            client.post(format!("{base}/v1/app/ask")).header("cookie", cookie).json(&json!({ "query": "me" }));
        request.send().await.unwrap().status().as_u16()
    };
    let cookie = sign_in(&running.base, &used).await.unwrap();
    assert_eq!(asks(&running.base, &cookie).await, 200);

    let backup = folder.text("backup.db");
    done(&["backup", "--data", &data, &backup]);
    admin(&["add-person", "田村 涼", "--role", "caregiver", "--facility", &site]);
    assert!(admin(&["sign-out", "--person", &abe]).contains("1 sessions"));
    assert_eq!(asks(&running.base, &cookie).await, 401);
    running.stop();

    assert!(done(&["restore", "--data", &data, &backup]).contains("new epoch"));
    let list = admin(&["list"]);
    assert!(list.contains("阿部 真由") && list.contains("みなと保育園") && !list.contains("田村"), "{list}");
    let running = Running::start(&data);
    assert_eq!(asks(&running.base, &cookie).await, 401, "a session that was ended since");
    for old in [&used, &unused] {
        assert_eq!(sign_in(&running.base, old).await, None);
    }
    let cookie = sign_in(&running.base, &link(&abe)).await.unwrap();
    assert_eq!(asks(&running.base, &cookie).await, 200);
    running.stop();
}
