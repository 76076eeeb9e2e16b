//! The fields of a record as they are stored: who wrote an entry is told once per change, not once per field.

use crate::Fault;
use records::{
    ChangeId, DeviceId, DeviceTime, Entry, Field, Gone, PersonId, Record, Register, Seen, ServerTime, Value,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Serialize, Deserialize, Default)]
struct Body {
    /// Changes with live entries.
    #[serde(rename = "o", default, skip_serializing_if = "Vec::is_empty")]
    origins: Vec<(ChangeId, PersonId, DeviceId, DeviceTime)>,
    /// Live entries per field: place in `origins`, value.
    #[serde(rename = "f", default, skip_serializing_if = "BTreeMap::is_empty")]
    fields: BTreeMap<Field, Vec<(usize, Option<Value>)>>,
    #[serde(rename = "w", default, skip_serializing_if = "BTreeMap::is_empty")]
    awaited: BTreeMap<Field, Seen>,
    #[serde(rename = "a", default, skip_serializing_if = "Option::is_none")]
    accepted: Option<ServerTime>,
    #[serde(rename = "g", default, skip_serializing_if = "Option::is_none")]
    gone: Option<Gone>,
}

/// What is read back: a record without head and sequence.
pub struct Content {
    pub fields: BTreeMap<Field, Register>,
    pub accepted: Option<ServerTime>,
    pub gone: Option<Gone>,
}

/// The text to store.
pub fn write(record: &Record) -> Result<String, Fault> {
    let mut body = Body { accepted: record.accepted, gone: record.gone, ..Body::default() };
    for (field, register) in &record.fields {
        let entries = register.entries.iter().map(|e| (place(&mut body.origins, e), e.value.clone())).collect();
        body.fields.insert(field.clone(), entries);
        if !register.awaited.is_empty() {
            body.awaited.insert(field.clone(), register.awaited.clone());
        }
    }
    Ok(serde_json::to_string(&body)?)
}

fn place(origins: &mut Vec<(ChangeId, PersonId, DeviceId, DeviceTime)>, entry: &Entry) -> usize {
    let origin = (entry.change, entry.author, entry.device, entry.at);
    origins.iter().position(|known| *known == origin).unwrap_or_else(|| {
        origins.push(origin);
        origins.len() - 1
    })
}

/// From the stored text.
pub fn read(text: &str) -> Result<Content, Fault> {
    let body: Body = serde_json::from_str(text)?;
    let mut fields = BTreeMap::new();
    for (field, entries) in body.fields {
        let entries = entries.into_iter().filter_map(|(at, value)| {
            let (change, author, device, at) = *body.origins.get(at)?;
            Some(Entry { change, author, device, at, value })
        });
        fields.insert(field, Register { entries: entries.collect(), awaited: Seen::new() });
    }
    for (field, awaited) in body.awaited {
        fields.entry(field).or_insert_with(Register::default).awaited = awaited;
    }
    Ok(Content { fields, accepted: body.accepted, gone: body.gone })
}
