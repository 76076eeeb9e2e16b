//! A hundred tablets at once over HTTP: 25 requests each, four changes in each.

use super::bare::Bare;
use super::city::{City, NOW, Tablet, all_accepted};
use crate::figures::{Rate, Rates, Times};
use anyhow::{Context, Result};
use hub::Hub;
use records::Letter;
use records::wire::Reply;
use std::path::Path;
use std::time::Instant;
use sync_server::{Server, Setting, router};

const SITES: usize = 8;
const DEVICES: usize = 100;
const REQUESTS: usize = 25;
const CHANGES: usize = 4;
/// Requests that are committed together when a hundred wait, about.
const TOGETHER: usize = 50;

/// Runs it in a folder.
pub fn run(folder: &Path, rates: &mut Rates) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let hub = Hub::open(folder, [2; 32], NOW)?;
    let mut city = City::found(&hub, SITES)?;
    let mut all = vec![];
    for at in 0..DEVICES {
        let mut tablet = city.tablet(&hub, at % SITES)?;
        tablet.pull(&hub)?;
        let letters = city.arrivals(at % SITES, &tablet, REQUESTS * CHANGES)?;
        all.push((tablet, letters));
    }
    let letters: Vec<Letter> = all.iter().flat_map(|(_, letters)| letters.clone()).collect();
    let mut bare = Bare::open(&folder.join("bare.db"))?;
    let began = Instant::now();
    for batch in letters.chunks(CHANGES * TOGETHER) {
        bare.commit(batch)?;
    }
    let limit = Rate::new("bare rows of 4, 50 requests a commit", "requests/s", DEVICES * REQUESTS, began.elapsed());
    let (times, took) = runtime.block_on(rush(hub, folder, all))?;
    let ours = Rate::new("100 devices × 25 requests × 4 changes, over HTTP", "requests/s", DEVICES * REQUESTS, took);
    let ours = ours.at_least(0.4, &limit).with(times, 40.0);
    rates.push(limit);
    rates.push(ours);
    Ok(())
}

async fn rush(hub: Hub, folder: &Path, all: Vec<(Tablet, Vec<Letter>)>) -> Result<(Times, std::time::Duration)> {
    let server = Server::new(hub, folder, Setting::default())?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let base = format!("http://{}/v1/sync", listener.local_addr()?);
    let app = router(&server, None).into_make_service_with_connect_info::<std::net::SocketAddr>();
    let serving = tokio::spawn(async move { axum::serve(listener, app).await });
    let _ = rustls::crypto::ring::default_provider().install_default(); // reqwest asks for one, although nothing is TLS here
    let client = reqwest::Client::builder().pool_max_idle_per_host(DEVICES).build()?;
    let began = Instant::now();
    let devices =
        all.into_iter().map(|(tablet, letters)| tokio::spawn(device(client.clone(), base.clone(), tablet, letters)));
    let mut times = Times::default();
    for one in devices.collect::<Vec<_>>() {
        times.add(one.await??);
    }
    let took = began.elapsed();
    serving.abort();
    Ok((times, took))
}

async fn device(client: reqwest::Client, url: String, mut tablet: Tablet, letters: Vec<Letter>) -> Result<Times> {
    let mut times = Times::default();
    for batch in letters.chunks(CHANGES) {
        let body = serde_json::to_vec(&tablet.request(batch))?;
        let began = Instant::now();
        let request =
            client.post(&url).bearer_auth(&tablet.token).header("content-type", "application/json").body(body);
        let bytes = request.send().await?.error_for_status()?.bytes().await?;
        times.took(began.elapsed());
        let reply: Reply = serde_json::from_slice(&bytes).context("a reply")?;
        all_accepted(&reply)?;
        tablet.take(&reply);
    }
    Ok(times)
}
