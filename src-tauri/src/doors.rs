//! The three doors of the screens. Each hands over and translates errors; a bug behind a door never takes the app down.

use crate::desk::Answered;
use crate::shell::Shell;
use crate::trouble::{Problem, Trouble};
use nursery::command::Order;
use nursery::core::Done;
use nursery::view::Query;
use nursery::view::host::{HostReply, HostRequest};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use tauri::State;

/// What a screen shows.
#[tauri::command(async)]
pub fn ask(shell: State<'_, Arc<Shell>>, query: Query) -> Result<Answered, Problem> {
    told(|| shell.desk()?.ask(&query))
}

/// What a person does; durable when it returns.
#[tauri::command(async)]
pub fn act(shell: State<'_, Arc<Shell>>, order: Order) -> Result<Done, Problem> {
    told(|| shell.desk()?.act(order))
}

/// What belongs to the device and not to the records.
#[tauri::command]
pub async fn host(shell: State<'_, Arc<Shell>>, request: HostRequest) -> Result<HostReply, Problem> {
    let shell = Arc::clone(&shell);
    // a task of its own, so that a bug ends the task and not the window's thread
    let task = tauri::async_runtime::spawn(async move { shell.host(request).await });
    task.await.unwrap_or_else(|error| Err(Trouble::GaveUp(error.to_string()))).map_err(|trouble| trouble.told())
}

fn told<T>(work: impl FnOnce() -> Result<T, Trouble>) -> Result<T, Problem> {
    let done = catch_unwind(AssertUnwindSafe(work));
    done.unwrap_or_else(|cause| Err(Trouble::GaveUp(reason(cause.as_ref())))).map_err(|trouble| trouble.told())
}

fn reason(cause: &(dyn std::any::Any + Send)) -> String {
    let text = cause.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| cause.downcast_ref::<String>().cloned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bug_behind_the_door_is_told_and_not_thrown() {
        let told = told::<()>(|| panic!("row {} is missing", 3));
        assert_eq!(told.unwrap_err().code, "fault");
    }
}
