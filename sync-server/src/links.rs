//! Sign-in links that open as often as one likes. Only a demonstration has any; a city's links open once.

use records::PersonId;
use seal::Hash;
use std::collections::BTreeMap;

/// Whom each link signs in, by the hash of its token.
#[derive(Debug, Default)]
pub struct Links(BTreeMap<Hash, PersonId>);

impl Links {
    /// Adds a link.
    pub fn add(&mut self, token: &str, person: PersonId) {
        self.0.insert(seal::token_hash(token), person);
    }

    /// Whom the link of this token signs in.
    #[must_use]
    pub fn person(&self, token: &str) -> Option<PersonId> {
        self.0.get(&seal::token_hash(token)).copied()
    }
}
