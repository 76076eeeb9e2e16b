//! A device's batch: checked before anything in it is used, then judged and written.

use crate::commit::{Origin, Piece};
use crate::error::Failure;
use crate::hub::{Hub, Session};
use crate::store::batch::{self, Place, Signed};
use nursery::core::{Code, get};
use nursery::devices::Device;
use records::wire::{Answered, Batch, Verdict};
use records::{ChangeId, Letter, RecordId, ServerTime, limits};
use seal::Hash;
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};

/// Letters of a salt: 16 bytes in hexadecimal.
const SALT_CHARS: usize = 32;
/// The code for a copied device store: the device takes a new incarnation, its changes keep their ids.
const NEW_INCARNATION: &str = "new_incarnation";

/// What every change has, whatever version of the app wrote it.
#[derive(Deserialize)]
struct Named {
    id: ChangeId,
}

enum Read {
    Piece(Box<Piece>),
    Unreadable(ChangeId),
}

impl Hub {
    /// Takes a batch; returns the touched records and the verdicts, both in the order of its letters.
    pub(super) fn take_batch(
        &self,
        who: &Session,
        batch: Batch,
        now: ServerTime,
    ) -> Result<(Vec<RecordId>, Vec<Answered>), Failure> {
        check_sizes(&batch)?;
        let hashes: Vec<Hash> = batch.letters.iter().map(seal::hash).collect();
        self.check_signature(who, &batch, &hashes)?;
        let read = batch.letters.into_iter().zip(&hashes).map(|(letter, hash)| open(letter, *hash));
        let mut read = read.collect::<Result<Vec<Read>, Failure>>()?;
        self.check_receipts(&batch.receipts, &mut read);
        let signed = Signed {
            device: who.device,
            incarnation: batch.incarnation,
            number: batch.number,
            via_web: false,
            hashes,
            signature: batch.signature,
        };
        let (records, order) = named(&read);
        let pieces = read.into_iter().filter_map(Read::piece).collect();
        let device = who.device;
        let verdicts = self.write(now, move |turn| {
            let row = match batch::place(&turn.rows, &signed)? {
                Place::Copied => return Ok(None),
                Place::Again(row) => row,
                Place::New => batch::keep(&turn.rows, &signed, turn.now)?,
            };
            turn.take(Origin::Device(device), row, pieces).map(Some)
        })?;
        let verdicts = verdicts.ok_or(Failure::refused(NEW_INCARNATION))?;
        Ok((records, in_order(&order, verdicts)))
    }

    /// A receipt that is none takes nothing away: its letter is judged like any other.
    fn check_receipts(&self, receipts: &BTreeMap<ChangeId, String>, read: &mut [Read]) {
        for read in read {
            if let Read::Piece(piece) = read
                && let Some(receipt) = receipts.get(&piece.change.id)
            {
                piece.once = self.server.check_receipt(piece.hash, receipt);
            }
        }
    }

    fn check_signature(&self, who: &Session, batch: &Batch, hashes: &[Hash]) -> Result<(), Failure> {
        let device: Option<Device> = get(&self.records()?, who.device.0)?;
        // the same answer for a device that is not there and for one whose key does not fit
        let key = device.and_then(|device| device.public_key).unwrap_or_default();
        seal::verify_batch(&key, batch.incarnation, batch.number, hashes, &batch.signature)
            .map_err(|broken| Failure::Refused { code: "bad_signature", detail: broken.to_string() })
    }
}

impl Read {
    fn piece(self) -> Option<Piece> {
        match self {
            Self::Piece(piece) => Some(*piece),
            Self::Unreadable(_) => None,
        }
    }
}

fn check_sizes(batch: &Batch) -> Result<(), Failure> {
    let bytes = |letter: &Letter| letter.bytes.get().len() + letter.salt.0.len();
    if batch.letters.len() > limits::CHANGES_PER_BATCH
        || batch.letters.iter().map(bytes).sum::<usize>() > limits::BATCH_BYTES
        || batch.letters.iter().any(|letter| letter.bytes.get().len() > limits::CHANGE_BYTES)
        || batch.receipts.len() > batch.letters.len()
    {
        return Err(Code::TooLarge.into());
    }
    let salted = |letter: &Letter| {
        letter.salt.0.len() == SALT_CHARS
            && letter.salt.0.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
    };
    if !batch.letters.iter().all(salted) || batch.number == 0 || i64::try_from(batch.number).is_err() {
        return Err(Code::BadInput.into());
    }
    Ok(())
}

fn open(letter: Letter, hash: Hash) -> Result<Read, Failure> {
    match letter.open() {
        Ok(change) if change.id.0.get_version_num() == 7 => {
            Ok(Read::Piece(Box::new(Piece { letter, change, hash, once: false })))
        }
        Ok(change) => Ok(Read::Unreadable(change.id)),
        Err(_) => match serde_json::from_str::<Named>(letter.bytes.get()) {
            Ok(named) => Ok(Read::Unreadable(named.id)),
            Err(error) => Err(Failure::Refused { code: "bad_input", detail: error.to_string() }),
        },
    }
}

fn named(read: &[Read]) -> (Vec<RecordId>, Vec<ChangeId>) {
    read.iter()
        .map(|read| match read {
            Read::Piece(piece) => (piece.change.head.id, piece.change.id),
            Read::Unreadable(id) => (RecordId::default(), *id),
        })
        .unzip()
}

/// One answer per letter, in the order of the batch; a letter that could not be read is refused.
fn in_order(order: &[ChangeId], verdicts: Vec<Answered>) -> Vec<Answered> {
    let verdicts: HashMap<ChangeId, Verdict> = verdicts.into_iter().map(|a| (a.change, a.verdict)).collect();
    let unreadable = || Verdict::Refused { code: Code::BadInput.as_str().to_owned() };
    order
        .iter()
        .map(|id| Answered { change: *id, verdict: verdicts.get(id).cloned().unwrap_or_else(unreadable) })
        .collect()
}
