//! `cargo xtask drill`: a restore from last night's backup, played with real stores and sockets, and counted.

#[tokio::main(flavor = "current_thread")]
async fn main() {
    println!("{}", wire::drill::run().await);
}
