//! Paired devices and their tokens.

use super::token;
use crate::commit::Turn;
use crate::error::{Failure, StoreError};
use crate::hub::{Hub, Session};
use crate::standings::today;
use crate::store::meta;
use nursery::core::{Code, Kind, get};
use nursery::devices::{Device, Purpose};
use nursery::ids::facility_year;
use records::{DeviceId, ServerTime, Subject};
use rusqlite::OptionalExtension;
use uuid::Uuid;

impl Hub {
    /// The device that has this token.
    ///
    /// # Errors
    /// `not_found` for a token that was never given, or was taken back.
    pub fn device_of(&self, token: &str) -> Result<Session, Failure> {
        let records = self.records()?;
        let found: Option<[u8; 16]> = records
            .rows()?
            .conn
            .prepare_cached("SELECT device FROM device_token WHERE hash = ?1")?
            .query_row([seal::token_hash(token).0], |row| row.get(0))
            .optional()?;
        let device = found.ok_or(Failure::from(Code::NotFound))?;
        Ok(Session { device: DeviceId(Uuid::from_bytes(device)) })
    }

    /// Registers a device without asking for rights and gives its token: for pairing, demo and tests. `owner` is the
    /// facility of a shared device, the person of a personal one.
    ///
    /// # Errors
    /// The code of what is wrong with it.
    pub fn admit(
        &self,
        owner: Uuid,
        purpose: Purpose,
        name: &str,
        public_key: &str,
        now: ServerTime,
    ) -> Result<(Session, String), Failure> {
        let new = Device {
            owner,
            purpose: Some(purpose),
            name: Some(name.to_owned()),
            public_key: Some(public_key.to_owned()),
            ..Device::default()
        };
        Device::check(None, &new)?;
        self.write(now, move |turn| {
            let device = turn.register(new)?;
            Ok((Session { device }, turn.give_token(device)?))
        })
    }

    /// A new token for a device that is registered already; an older one no longer opens.
    ///
    /// # Errors
    /// `not_found` if there is no such device.
    pub fn token_for(&self, device: DeviceId, now: ServerTime) -> Result<String, Failure> {
        let known: Option<Device> = get(&self.records()?, device.0)?;
        known.ok_or(Failure::from(Code::NotFound))?;
        self.write(now, move |turn| turn.give_token(device))
    }

    /// Takes a device's token back; the device keeps what it holds until it is retired.
    ///
    /// # Errors
    /// [`Failure::Busy`].
    pub fn sign_out_device(&self, device: DeviceId, now: ServerTime) -> Result<(), Failure> {
        self.write(now, move |turn| {
            turn.rows.conn.execute("DELETE FROM device_token WHERE device = ?1", [device.0.as_bytes()])?;
            Ok(())
        })
    }
}

impl Turn<'_> {
    /// The record of a new device.
    pub fn register(&mut self, new: Device) -> Result<DeviceId, StoreError> {
        let feed = meta::municipality(&self.rows)?;
        let subject = match new.purpose {
            Some(Purpose::Personal) => Subject(new.owner),
            _ => facility_year(feed, today(self.now)),
        };
        let id = self.make(feed, subject, None, new, Device::key_ids)?;
        Ok(DeviceId(id.0))
    }

    /// A token for a device; an older one no longer opens.
    pub fn give_token(&mut self, device: DeviceId) -> Result<String, StoreError> {
        let token = token(&self.hub.keys);
        self.rows
            .conn
            .prepare_cached(
                "INSERT INTO device_token (device, hash, made) VALUES (?1, ?2, ?3)
                 ON CONFLICT (device) DO UPDATE SET hash = ?2, made = ?3",
            )?
            .execute((device.0.as_bytes(), seal::token_hash(&token).0, self.now.0))?;
        Ok(token)
    }
}
