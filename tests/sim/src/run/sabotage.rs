//! What planted bugs do to a store, beside what it does itself.

use super::World;
use crate::bug::Bug;
use records::Record;
use records::wire::{Batch, Exchange, Reply, Verdict};

/// What is in flight is forgotten, as if it had been answered.
const DROP_BATCH: &str = "DELETE FROM outbox WHERE state = 'flying'; DELETE FROM flight;";

impl World {
    pub(super) fn sabotage_files(&mut self, number: usize) {
        if self.strikes(Bug::LogThrownAway, 500) {
            self.devices[number].machine.remove("store.db-wal");
        }
    }

    pub(super) fn sabotage_outbox(&mut self, number: usize) {
        if self.bug == Some(Bug::RestingLostAtRestart) {
            self.devices[number].surgery("DELETE FROM outbox WHERE state = 'resting';");
        }
        if self.strikes(Bug::OutboxLostAtUpdate, 300) {
            self.devices[number].surgery("DELETE FROM outbox; DELETE FROM flight;");
        }
    }

    pub(super) fn drop_batch_if(&mut self, bug: Bug, number: usize) {
        if self.bug == Some(bug) && self.devices[number].alive() {
            self.devices[number].surgery(DROP_BATCH);
        }
    }

    /// What a device sends.
    pub(super) fn sabotage_request(&mut self, exchange: &mut Exchange) {
        if let (Some(Bug::ReceiptsNotSent), Some(batch)) = (self.bug, &mut exchange.batch) {
            batch.receipts.clear();
        }
    }

    /// What the server takes of a batch; gives the letters that it only answers for.
    pub(super) fn sabotage_batch(&mut self, number: usize, batch: &mut Batch) -> Vec<records::Letter> {
        if batch.letters.len() < 2 || !self.strikes(Bug::TakesHalfABatch, 300) {
            return vec![];
        }
        let rest = batch.letters.split_off(batch.letters.len() / 2);
        self.devices[number].sign(batch);
        rest
    }

    /// What the server answers.
    pub(super) fn sabotage_answer(&mut self, reply: &mut Reply, own: &[records::RecordId]) {
        match self.bug {
            Some(Bug::NoEcho) => {
                reply.echoes.clear();
                if reply.more || self.chance.permille(300) {
                    reply.page.retain(|record| !own.contains(&record.head.id)); // as if it came pages later
                }
            }
            Some(Bug::RowSkipped) if !reply.page.is_empty() && self.chance.permille(100) => {
                let row = self.chance.below(reply.page.len());
                reply.page.remove(row);
            }
            Some(Bug::LastWriterWins) => reply.page.iter_mut().chain(&mut reply.echoes).for_each(keep_last),
            Some(Bug::VerdictsMixedUp) => mix_up(reply),
            _ => {}
        }
    }

    /// What a device does to a reply before it stores it.
    pub(super) fn sabotage_taking(&mut self, number: usize, reply: &mut Reply) {
        match self.bug {
            Some(Bug::CursorBeforeRows) if self.chance.permille(150) => reply.page.clear(),
            Some(Bug::UnknownFieldsDropped) => {
                for record in reply.page.iter_mut().chain(&mut reply.echoes) {
                    record.fields.retain(|field, _| field != crate::work::UNKNOWN_FIELD);
                }
            }
            Some(Bug::ForgetIgnored) => (reply.lost, reply.forget) = (vec![], vec![]),
            Some(Bug::EpochIgnored) => {
                if let Some(known) = self.devices[number].epoch {
                    reply.epoch = known;
                }
            }
            _ => {}
        }
    }
}

fn keep_last(record: &mut Record) {
    for register in record.fields.values_mut() {
        let last = register.entries.pop();
        register.entries = last.into_iter().collect();
    }
}

fn mix_up(reply: &mut Reply) {
    let place = |fits: fn(&Verdict) -> bool| reply.verdicts.iter().position(|answered| fits(&answered.verdict));
    let refused = place(|verdict| matches!(verdict, Verdict::Refused { .. }));
    let accepted = place(|verdict| matches!(verdict, Verdict::Accepted { .. }));
    if let (Some(one), Some(other)) = (refused, accepted) {
        let verdict = reply.verdicts[one].verdict.clone();
        reply.verdicts[one].verdict = std::mem::replace(&mut reply.verdicts[other].verdict, verdict);
    }
}
